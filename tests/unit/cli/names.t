## The name of a file is written in one way, whatever it is.
$ mkdir odd; name=$(printf 'odd/\033[31m\\d\n\342\200\256\377\303\244.ewx'); printf 'language 1;\npolicy p version 1;\ndomain d { exe "/d"; root any; deny vepc; }\nexpect allow in d: vepc;\n' >"$name"; ewx check "$name"; ewx check "$name" -v 2>&1 | head -1
odd/\x1b[31m\d\x0a\xe2\x80\xae\xffä.ewx:3:22: warning: with "root any" whoever makes a mount namespace chooses the paths in it [W0105]
    domain d { exe "/d"; root any; deny vepc; }
                         ^~~~
odd/\x1b[31m\d\x0a\xe2\x80\xae\xffä.ewx:4:1: error: expected allow, the verdict is: deny vepc denied odd/\x1b[31m\d\x0a\xe2\x80\xae\xffä.ewx:3 [E0802]
    expect allow in d: vepc;
    ^~~~~~
odd/\x1b[31m\d\x0a\xe2\x80\xae\xffä.ewx:3:32: note: this rule decides it
    domain d { exe "/d"; root any; deny vepc; }
                                   ^~~~
ewx: odd/\x1b[31m\d\x0a\xe2\x80\xae\xffä.ewx
$ name=$(echo odd/*); ewx check --json "$name" | grep '"file"'; sed -i '$d' "$name"; ewx query -p "$name" 'in d: vepc' 2>/dev/null; ewx query --json -p "$name" 'in d: vepc' 2>/dev/null | grep '"file"'
      "file": "odd/\\x1b[31m\\d\\x0a\\xe2\\x80\\xae\\xffä.ewx"
      "file": "odd/\\x1b[31m\\d\\x0a\\xe2\\x80\\xae\\xffä.ewx",
      "file": "odd/\\x1b[31m\\d\\x0a\\xe2\\x80\\xae\\xffä.ewx",
      "file": "odd/\\x1b[31m\\d\\x0a\\xe2\\x80\\xae\\xffä.ewx",
deny vepc denied odd/\x1b[31m\d\x0a\xe2\x80\xae\xffä.ewx:3
      "file": "odd/\\x1b[31m\\d\\x0a\\xe2\\x80\\xae\\xffä.ewx",
$ name=$(echo odd/*); ewx compile "$name" --built 7 -o a.bin 2>/dev/null; ewx query -p a.bin 'in d: vepc'; ewx dump a.bin >a.ewx; ewx compile a.ewx --built 7 -o b.bin 2>/dev/null; cmp a.bin b.bin; ewx why-not -p a.bin 'in d: vepc' | head -3
deny vepc denied odd/\x1b[31m\d\x0a\xe2\x80\xae\xffä.ewx:3
missing  vepc: a rule denies it (odd/\x1b[31m\d\x0a\xe2\x80\xae\xffä.ewx:3)
A rule denies it, and a denial wins over every rule that allows: that rule would have to go, or name less.
