## All names of a list are looked at, also where a "," is missing.
$ printf 'language 1;\npolicy p version 1;\nset x = creat b vepc,\n\tchange c;\nset y = create\nnever mapwx debug but for who whom;\nallow create chnage, vpec;\nallow create max 5 foo;\n' >list.ewx; ewx check list.ewx
list.ewx:3:9: error: unknown permission "creat" [E0302]
    set x = creat b vepc,
            ^~~~~
    hint: did you mean "create"?
list.ewx:3:15: error: expected "," between permissions, found "b" [E0203]
    set x = creat b vepc,
                  ^
list.ewx:3:15: error: unknown permission "b" [E0302]
    set x = creat b vepc,
                  ^
list.ewx:4:9: error: unknown permission "c" [E0302]
            change c;
                   ^
list.ewx:5:15: error: expected ";" after the set, found "never" [E0203]
    set y = create
                  ^
list.ewx:6:7: error: unknown permission "mapwx" [E0302]
    never mapwx debug but for who whom;
          ^~~~~
    hint: did you mean "map_wx"?
list.ewx:6:13: error: expected "," between permissions, found "debug" [E0203]
    never mapwx debug but for who whom;
                ^~~~~
list.ewx:6:27: error: unknown identity "who" [E0304]
    never mapwx debug but for who whom;
                              ^~~
list.ewx:6:31: error: expected "," between identities, found "whom" [E0203]
    never mapwx debug but for who whom;
                                  ^~~~
list.ewx:6:31: error: unknown identity "whom" [E0304]
    never mapwx debug but for who whom;
                                  ^~~~
list.ewx:7:14: error: expected "," between permissions, found "chnage" [E0203]
    allow create chnage, vpec;
                 ^~~~~~
list.ewx:7:14: error: unknown permission "chnage" [E0302]
    allow create chnage, vpec;
                 ^~~~~~
    hint: did you mean "change"?
list.ewx:7:22: error: unknown permission "vpec" [E0302]
    allow create chnage, vpec;
                         ^~~~
    hint: did you mean "vepc"?
list.ewx:8:14: error: no page uses "create", so "max" would not limit it [E0406]
    allow create max 5 foo;
                 ^~~
    hint: write a rule of its own for it, without "max"
list.ewx:8:20: error: unknown unit [E0210]
    allow create max 5 foo;
                       ^~~
    hint: such as max 5 pages, or max 64M
[1]
## Likewise in what is expected.
$ printf 'language 1;\npolicy p version 1;\nexpect deny exec_fiel, create, vepcc in servr for payrl: load rx anon;\nexpect deny creat: create;\nexpect deny creat, vepc in nowhere: load qq anon;\nexpect allow in: create;\nexpect allow for "a\\q": create;\nexpect allow\f in default\f: create;\n' >expect.ewx; ewx check expect.ewx
expect.ewx:3:13: error: unknown permission "exec_fiel" [E0302]
    expect deny exec_fiel, create, vepcc in servr for payrl: load rx anon;
                ^~~~~~~~~
    hint: did you mean "exec_file"?
expect.ewx:3:32: error: unknown permission "vepcc" [E0302]
    expect deny exec_fiel, create, vepcc in servr for payrl: load rx anon;
                                   ^~~~~
    hint: did you mean "vepc"?
expect.ewx:3:41: error: unknown domain "servr" [E0305]
    expect deny exec_fiel, create, vepcc in servr for payrl: load rx anon;
                                            ^~~~~
expect.ewx:3:51: error: unknown identity "payrl" [E0304]
    expect deny exec_fiel, create, vepcc in servr for payrl: load rx anon;
                                                      ^~~~~
expect.ewx:4:13: error: unknown permission "creat" [E0302]
    expect deny creat: create;
                ^~~~~
    hint: did you mean "create"?
expect.ewx:5:13: error: unknown permission "creat" [E0302]
    expect deny creat, vepc in nowhere: load qq anon;
                ^~~~~
    hint: did you mean "create"?
expect.ewx:5:28: error: unknown domain "nowhere" [E0305]
    expect deny creat, vepc in nowhere: load qq anon;
                               ^~~~~~~
expect.ewx:5:42: error: permissions are letters of rwx, or none [E0217]
    expect deny creat, vepc in nowhere: load qq anon;
                                             ^~
expect.ewx:6:16: error: here stands a domain's name [E0217]
    expect allow in: create;
                   ^
expect.ewx:7:18: error: after a backslash in a string stands \, " or xHH [E0217]
    expect allow for "a\q": create;
                     ^~~~~
expect.ewx:7:20: error: unknown escape in a string [E0103]
    expect allow for "a\q": create;
                       ^~
    hint: write \\ for a backslash
[1]
## A first line that is meant as another one is one mistake.
$ printf 'lang 1;\npolicy p version 1;\nallow create;\n' >first.ewx; ewx check first.ewx
first.ewx:1:1: error: the file does not begin with a language line [E0201]
    lang 1;
    ^~~~
    hint: begin the file with: language 1;
[1]
