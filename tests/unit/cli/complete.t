## What bash offers; it asks the command itself.
$ "$CLI/complete" ewx '' | paste -sd' '
compile check fmt diff load status enforce seal sign install confirm rollback history boot renew query explain why-not log counters enclaves identity dump graph doctor adopt learn report version help
$ "$CLI/complete" ewx e
enforce
explain
enclaves
$ "$CLI/complete" ewx help war
warnings
$ "$CLI/complete" ewx check --o
--on-host
$ "$CLI/complete" ewx check --live | wc -w
0
$ "$CLI/complete" ewx query --l
--live
$ "$CLI/complete" ewx check -W no-r
no-root-any
$ "$CLI/complete" ewx --color ''
auto
always
never
$ "$CLI/complete" ewx check host | sort
host.ewx
host2.ewx
## The name of a warning, apart from its option or not, and where it is explained.
$ "$CLI/complete" ewx check -Wno-ro
-Wno-root-any
$ "$CLI/complete" ewx check -Werror=exe
-Werror=exe-alone
$ "$CLI/complete" ewx check -Werror = exe
exe-alone
$ "$CLI/complete" ewx help exe; "$CLI/complete" ewx help W0103
exe-alone
W0103
## Words that a command takes; what no file can be.
$ "$CLI/complete" ewx seal ''; "$CLI/complete" ewx enforce o
signed
closed
off
on
$ "$CLI/complete" ewx log --since host | wc -w
0
