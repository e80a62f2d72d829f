$ ewx graph host.ewx
<svg xmlns="http://www.w3.org/2000/svg" width="900" height="216" viewBox="0 0 900 216">
<style>text { font: 13px monospace } line { stroke: #2a7a2a; stroke-width: 1.5 }
rect { fill: #eef3fa; stroke: #446 } .source rect { fill: #f6f1e4 }
.identity rect { fill: #eaf6ea } .permissive rect { fill: #fbe3e3 }
.deny line { stroke: #b02a2a; stroke-dasharray: 6 4 }
.allow text, .deny text { font-size: 11px; paint-order: stroke; stroke: white; stroke-width: 3px }
</style>
<title>policy host version 12</title>
<g class="allow"><line x1="280" y1="122" x2="620" y2="122"/><text x="365" y="119">change,create</text></g>
<g class="allow"><line x1="280" y1="122" x2="620" y2="166"/><text x="421" y="137">exec_anon,exec_dynamic,init</text></g>
<g class="allow"><line x1="280" y1="122" x2="620" y2="78"/><text x="463" y="96">exec_file for payroll</text></g>
<g class="deny"><line x1="280" y1="122" x2="620" y2="122"/><text x="368" y="119">deny debug</text></g>
<g class="domain"><rect x="20" y="20" width="260" height="28" rx="5"/><text x="30" y="39">all domains</text></g>
<g class="domain"><rect x="20" y="64" width="260" height="28" rx="5"/><text x="30" y="83">domain default</text></g>
<g class="domain"><rect x="20" y="108" width="260" height="28" rx="5"/><text x="30" y="127">domain payroll</text></g>
<g class="source"><rect x="620" y="20" width="260" height="28" rx="5"/><text x="630" y="39">any file</text></g>
<g class="source"><rect x="620" y="64" width="260" height="28" rx="5"/><text x="630" y="83">source payroll_code</text></g>
<g class="identity"><rect x="620" y="108" width="260" height="28" rx="5"/><text x="630" y="127">any enclave</text></g>
<g class="identity"><rect x="620" y="152" width="260" height="28" rx="5"/><text x="630" y="171">identity payroll</text></g>
</svg>
$ ewx graph host.ewx -o a.svg && ewx compile host.ewx -o h.bin && ewx graph h.bin | cmp - a.svg
$ ewx graph --root root | grep -c '<g '
8
$ ewx graph bad.ewx 2>&1 | tail -n 1
                     ^~~~~~
$ ewx graph --json host.ewx
{
  "policy": "host",
  "version": 12,
  "domains": [
    {
      "name": "default",
      "permissive": false,
      "guarded": false
    },
    {
      "name": "payroll",
      "permissive": false,
      "guarded": false
    }
  ],
  "sources": [
    "payroll_code"
  ],
  "identities": [
    "payroll"
  ],
  "links": [
    {
      "kind": "allow",
      "domain": "payroll",
      "permissions": [
        "change",
        "create"
      ]
    },
    {
      "kind": "allow",
      "domain": "payroll",
      "identity": "payroll",
      "permissions": [
        "exec_anon",
        "exec_dynamic",
        "init"
      ]
    },
    {
      "kind": "allow",
      "domain": "payroll",
      "source": "payroll_code",
      "identity": "payroll",
      "permissions": [
        "exec_file"
      ]
    },
    {
      "kind": "deny",
      "domain": "payroll",
      "permissions": [
        "debug"
      ]
    }
  ],
  "schema": "ewx-graph-1"
}
## Long names fit, and so do many permissions.
$ n=$(printf '%0126d' 0); printf 'language 1; policy p version 1; source s%s { path "/s"; } identity i%s { measurement sha256:%064d; } domain d%s { exe "/d"; permissive until 2030-01-01; for i%s { allow init, exec_anon, exec_modified, exec_dynamic, exec_written, load_wx, map_wx, augment, change; allow exec_file, exec_mutable, exec_unmeasured from s%s; } }' $n $n 1 $n $n $n >long.ewx; ewx graph long.ewx | "$CLI/svg-overflow"
9 texts
$ ewx graph host.ewx | "$CLI/svg-overflow"
11 texts
## A version of 64 bits is no negative number.
$ printf 'language 1; policy p version 18446744073709551615;' | ewx graph --json - | grep version; ewx dump "$(printf 'language 1; policy p version 9223372036854775808;' >v.ewx; ewx compile v.ewx -o v.bin; echo v.bin)" | grep version
  "version": "18446744073709551615",
policy p version 9223372036854775808;
