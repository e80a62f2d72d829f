## The page is looked at in a browser by tests/report; here its text.
$ ewx report --policy host.ewx learn.log mixed.log -o page.html; sed -n '/<main/,/<script>/p' page.html
<main id="main" tabindex="-1">
<ul class="cards">
<li><b>2</b>denied</li>
<li><b>19</b>permissive</li>
<li><b>0</b>reduced</li>
<li><b>0</b>logged uses</li>
<li><b>0</b>enclaves started</li>
<li><b>3</b>loads and changes</li>
<li><b>2</b>records left out</li>
</ul>
<section id="time" aria-labelledby="h-time">
<h2 id="h-time">Denials over time</h2>
<p>21 in the earlier half of that time, 0 in the later half: it is getting better.</p>
<svg viewBox="0 0 900 160" role="img" aria-label="Denials over time; the numbers are in the table below">
<g><title>2026-01-01 00:00:00: 2 denied, 19 permissive</title><rect class="denied" x="0.0" y="144.8" width="62.3" height="15.2"/><rect class="permissive" x="0.0" y="0.0" width="62.3" height="144.8"/></g>
</svg>
<p><span class="denied">&#9632; denied</span> <span class="permissive">&#9632; permissive</span> <span class="dim">one bar is 300 seconds, the highest 21 records</span></p>
<div class="scroll" tabindex="0" role="region" aria-label="Denials over time"><table>
<thead><tr><th scope="col"><button type="button">From (UTC)</button></th><th scope="col" class="n"><button type="button">Denied</button></th><th scope="col" class="n"><button type="button">Permissive</button></th></tr></thead><tbody>
<tr><td>2026-01-01 00:00:00</td><td class="n">2</td><td class="n">19</td></tr>
</tbody></table></div>
</section>
<section id="causes" aria-labelledby="h-causes">
<h2 id="h-causes">Denials by cause</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Denials by cause"><table>
<thead><tr><th scope="col"><button type="button">Cause</button></th><th scope="col" class="n"><button type="button">Denied</button></th><th scope="col" class="n"><button type="button">Permissive</button></th><th scope="col" class="n"><button type="button">Reduced</button></th><th scope="col" class="n"><button type="button">Pages</button></th><th scope="col"><button type="button">First</button></th><th scope="col"><button type="button">Last</button></th></tr></thead><tbody>
<tr><td>exec_file</td><td class="n">0</td><td class="n">9</td><td class="n">0</td><td class="n">18</td><td>2026-01-01 00:00:01</td><td>2026-01-01 00:00:12</td></tr>
<tr><td>exec_anon</td><td class="n">1</td><td class="n">2</td><td class="n">0</td><td class="n">3</td><td>2026-01-01 00:00:00</td><td>2026-01-01 00:00:11</td></tr>
<tr><td>create</td><td class="n">0</td><td class="n">2</td><td class="n">0</td><td class="n">2</td><td>2026-01-01 00:00:15</td><td>2026-01-01 00:00:16</td></tr>
<tr><td>debug</td><td class="n">0</td><td class="n">2</td><td class="n">0</td><td class="n">5</td><td>2026-01-01 00:00:00</td><td>2026-01-01 00:00:13</td></tr>
<tr><td>init</td><td class="n">0</td><td class="n">2</td><td class="n">0</td><td class="n">2</td><td>2026-01-01 00:00:10</td><td>2026-01-01 00:00:18</td></tr>
<tr><td>exec_dynamic</td><td class="n">0</td><td class="n">1</td><td class="n">0</td><td class="n">1</td><td>2026-01-01 00:00:14</td><td>2026-01-01 00:00:14</td></tr>
<tr><td>exec_modified</td><td class="n">0</td><td class="n">1</td><td class="n">0</td><td class="n">1</td><td>2026-01-01 00:00:17</td><td>2026-01-01 00:00:17</td></tr>
<tr><td>private_map</td><td class="n">1</td><td class="n">0</td><td class="n">0</td><td class="n">4</td><td>2026-01-01 00:00:00</td><td>2026-01-01 00:00:00</td></tr>
</tbody></table></div>
</section>
<section id="domains" aria-labelledby="h-domains">
<h2 id="h-domains">Denials by domain</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Denials by domain"><table>
<thead><tr><th scope="col"><button type="button">Domain</button></th><th scope="col" class="n"><button type="button">Denied</button></th><th scope="col" class="n"><button type="button">Permissive</button></th><th scope="col" class="n"><button type="button">Reduced</button></th><th scope="col" class="n"><button type="button">Pages</button></th><th scope="col"><button type="button">First</button></th><th scope="col"><button type="button">Last</button></th></tr></thead><tbody>
<tr><td>payroll</td><td class="n">2</td><td class="n">17</td><td class="n">0</td><td class="n">34</td><td>2026-01-01 00:00:00</td><td>2026-01-01 00:00:18</td></tr>
<tr><td>default</td><td class="n">0</td><td class="n">1</td><td class="n">0</td><td class="n">1</td><td>2026-01-01 00:00:15</td><td>2026-01-01 00:00:15</td></tr>
<tr><td>elsewhere</td><td class="n">0</td><td class="n">1</td><td class="n">0</td><td class="n">1</td><td>2026-01-01 00:00:16</td><td>2026-01-01 00:00:16</td></tr>
</tbody></table></div>
</section>
<section id="enclaves" aria-labelledby="h-enclaves">
<h2 id="h-enclaves">Denials by enclave</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Denials by enclave"><table>
<thead><tr><th scope="col"><button type="button">Enclave</button></th><th scope="col"><button type="button">Program</button></th><th scope="col" class="n"><button type="button">Denied</button></th><th scope="col" class="n"><button type="button">Permissive</button></th><th scope="col" class="n"><button type="button">Reduced</button></th><th scope="col" class="n"><button type="button">Pages</button></th><th scope="col"><button type="button">First</button></th><th scope="col"><button type="button">Last</button></th></tr></thead><tbody>
<tr><td>1</td><td class="mono">/opt/payroll/bin/server</td><td class="n">0</td><td class="n">12</td><td class="n">0</td><td class="n">21</td><td>2026-01-01 00:00:01</td><td>2026-01-01 00:00:14</td></tr>
<tr><td>1 (boot 2)</td><td class="mono">/opt/payroll/bin/server</td><td class="n">0</td><td class="n">2</td><td class="n">0</td><td class="n">2</td><td>2026-01-01 00:00:17</td><td>2026-01-01 00:00:18</td></tr>
<tr><td>8 (boot 2)</td><td class="mono">/opt/payroll/bin/server</td><td class="n">1</td><td class="n">1</td><td class="n">0</td><td class="n">8</td><td>2026-01-01 00:00:00</td><td>2026-01-01 00:00:00</td></tr>
<tr><td>2</td><td class="mono">/opt/payroll/bin/server</td><td class="n">0</td><td class="n">1</td><td class="n">0</td><td class="n">1</td><td>2026-01-01 00:00:11</td><td>2026-01-01 00:00:11</td></tr>
<tr><td>3</td><td class="mono">/opt/payroll/bin/server</td><td class="n">0</td><td class="n">1</td><td class="n">0</td><td class="n">1</td><td>2026-01-01 00:00:12</td><td>2026-01-01 00:00:12</td></tr>
<tr><td>4</td><td class="mono">/usr/bin/tool</td><td class="n">0</td><td class="n">1</td><td class="n">0</td><td class="n">1</td><td>2026-01-01 00:00:15</td><td>2026-01-01 00:00:15</td></tr>
<tr><td>5</td><td class="mono">/opt/payroll/bin/server</td><td class="n">0</td><td class="n">1</td><td class="n">0</td><td class="n">1</td><td>2026-01-01 00:00:16</td><td>2026-01-01 00:00:16</td></tr>
<tr><td>9 (boot 2)</td><td class="mono">/opt/payload\x1b[31m</td><td class="n">1</td><td class="n">0</td><td class="n">0</td><td class="n">1</td><td>2026-01-01 00:00:00</td><td>2026-01-01 00:00:00</td></tr>
</tbody></table></div>
</section>
<section id="identities" aria-labelledby="h-identities">
<h2 id="h-identities">Identities seen</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Identities seen"><table>
<thead><tr><th scope="col"><button type="button">Measurement</button></th><th scope="col"><button type="button">Who</button></th><th scope="col"><button type="button">First</button></th><th scope="col"><button type="button">Last</button></th></tr></thead><tbody>
<tr><td class="mono">1111111111111111111111111111111111111111111111111111111111111111</td><td>payroll; signer none, product 0, svn 0; /opt/payroll/bin/server</td><td>2026-01-01 00:00:10</td><td>2026-01-01 00:00:13</td></tr>
<tr><td class="mono">2222222222222222222222222222222222222222222222222222222222222222</td><td>in no named identity; signer none, product 0, svn 0; /opt/payroll/bin/server</td><td>2026-01-01 00:00:18</td><td>2026-01-01 00:00:18</td></tr>
<tr><td class="mono">00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff</td><td>payroll; signer 1111111111111111111111111111111111111111111111111111111111111111, product 7, svn 3; /opt/payroll/bin/server</td><td>2026-01-01 00:00:00</td><td>2026-01-01 00:00:00</td></tr>
</tbody></table></div>
</section>
<section id="unused" aria-labelledby="h-unused">
<h2 id="h-unused">Permissions granted but never used</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Permissions granted but never used"><table>
<thead><tr><th scope="col"><button type="button">Domain and permission</button></th><th scope="col"><button type="button">Rule</button></th></tr></thead><tbody>
<tr><td class="mono">payroll change</td><td>host.ewx:16</td></tr>
<tr><td class="mono">payroll create</td><td>host.ewx:16</td></tr>
<tr><td class="mono">payroll exec_anon</td><td>host.ewx:18</td></tr>
<tr><td class="mono">payroll init</td><td>host.ewx:18</td></tr>
<tr><td class="mono">payroll exec_file</td><td>host.ewx:19</td></tr>
<tr><td class="mono">payroll exec_dynamic</td><td>host.ewx:20</td></tr>
</tbody></table></div>
</section>
<section id="expiring" aria-labelledby="h-expiring">
<h2 id="h-expiring">Exceptions with an end</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Exceptions with an end"><table>
<thead><tr><th scope="col"><button type="button">Exception</button></th><th scope="col"><button type="button">Ends</button></th></tr></thead><tbody>
<tr><td class="mono">allow (host.ewx:20)</td><td>2027-03-31 23:59:59</td></tr>
</tbody></table></div>
</section>
<section id="control" aria-labelledby="h-control">
<h2 id="h-control">Loads and changes</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Loads and changes"><table>
<thead><tr><th scope="col"><button type="button">When</button></th><th scope="col"><button type="button">What</button></th></tr></thead><tbody>
<tr><td>2026-01-01 01:00:00</td><td>policy host version 12, by uid 0 (login 0) with ?: done</td></tr>
<tr><td>2026-01-01 01:00:01</td><td>policy host version 12, by uid 0 (login 0) with ?: done</td></tr>
<tr><td>2026-01-01 00:00:00</td><td>policy host version 12, by uid 0 (login 1000) with /usr/local/sbin/ewx: done</td></tr>
</tbody></table></div>
</section>
</main>
<script>
$ ewx report denied.log | grep -c 'Needs --policy'
2
$ ewx report denied.log | sed -n '/<main/,/<script>/p' | grep -c 'Nothing.'
2
$ sed 's#exe="/opt#exe="/<b>\&"#' denied.log | ewx report - | grep -c '&lt;b&gt;&amp;'
1
$ ewx report denied.log | grep -cE 'https?://|src=|@import'
0
[1]
$ ewx report --domain nobody denied.log | grep -c '<b>0</b>'
7
$ (echo noise; sed 's/pid=812/pid=x/' denied.log) | ewx report - -o bad.html; ls bad.html
ewx: standard input:3: the field pid is no number
bad.html
$ ewx report missing.log
ewx: missing.log: No such file or directory
[1]
$ ewx report -o /nowhere/page.html denied.log
ewx: /nowhere/page.html: No such file or directory
[1]
