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
