## The page is looked at in a browser by tests/report; here its text.
$ ewx report --policy host.ewx learn.log mixed.log -o page.html; sed -n '/<main/,/<script>/p' page.html
<main id="main" tabindex="-1">
<p class="lead">21 refusals of 36 pages, most for <b>exec_file</b> (9) and by domain <b>payroll</b> (19); 0 enclaves started. 11 refusals in the earlier half of that time, 9 in the later: <b>it is getting better</b>. The kernel left out <b>2 records of any kind</b>: in truth there were that many more, of these or of others.</p>
<ul class="cards">
<li><b>2</b>denied</li>
<li><b>19</b>permissive</li>
<li><b>0</b>reduced</li>
<li><b>0</b>logged uses</li>
<li><b>0</b>of unknown result</li>
<li><b>0</b>enclaves started</li>
<li><b>3</b>loads and changes</li>
<li><b>2</b>left out, of any kind</li>
</ul>
<section id="time" aria-labelledby="h-time">
<h2 id="h-time">Refusals over time</h2>
<svg class="chart" viewBox="0 0 952 192" role="img" aria-label="Refusals over time; the numbers are below">
<line class="grid" x1="44" x2="944" y1="170.0" y2="170.0"/><text x="38" y="174.0" text-anchor="end">0</text>
<line class="grid" x1="44" x2="944" y1="89.0" y2="89.0"/><text x="38" y="93.0" text-anchor="end">2</text>
<line class="grid" x1="44" x2="944" y1="8.0" y2="8.0"/><text x="38" y="12.0" text-anchor="end">4</text>
<text x="44" y="186">2026-01-01 00:00:00</text><text x="944" y="186" text-anchor="end">2026-01-01 00:00:19</text>
<g><title>2026-01-01 00:00:00: 2 denied, 1 permissive</title><rect class="denied" x="44.0" y="89.0" width="40.3" height="81.0"/><rect class="permissive" x="44.8" y="49.2" width="38.8" height="39.0"/></g>
<g><title>2026-01-01 00:00:01: 0 denied, 1 permissive</title><rect class="permissive" x="92.1" y="130.2" width="38.8" height="39.0"/></g>
<g><title>2026-01-01 00:00:02: 0 denied, 1 permissive</title><rect class="permissive" x="139.5" y="130.2" width="38.8" height="39.0"/></g>
<g><title>2026-01-01 00:00:03: 0 denied, 1 permissive</title><rect class="permissive" x="186.9" y="130.2" width="38.8" height="39.0"/></g>
<g><title>2026-01-01 00:00:04: 0 denied, 1 permissive</title><rect class="permissive" x="234.2" y="130.2" width="38.8" height="39.0"/></g>
<g><title>2026-01-01 00:00:05: 0 denied, 1 permissive</title><rect class="permissive" x="281.6" y="130.2" width="38.8" height="39.0"/></g>
<g><title>2026-01-01 00:00:06: 0 denied, 1 permissive</title><rect class="permissive" x="329.0" y="130.2" width="38.8" height="39.0"/></g>
<g><title>2026-01-01 00:00:07: 0 denied, 1 permissive</title><rect class="permissive" x="376.3" y="130.2" width="38.8" height="39.0"/></g>
<g><title>2026-01-01 00:00:08: 0 denied, 1 permissive</title><rect class="permissive" x="423.7" y="130.2" width="38.8" height="39.0"/></g>
<g><title>2026-01-01 00:00:09: 0 denied, 1 permissive</title><rect class="permissive" x="471.1" y="130.2" width="38.8" height="39.0"/></g>
<g><title>2026-01-01 00:00:10: 0 denied, 1 permissive</title><rect class="permissive" x="518.4" y="130.2" width="38.8" height="39.0"/></g>
<g><title>2026-01-01 00:00:11: 0 denied, 1 permissive</title><rect class="permissive" x="565.8" y="130.2" width="38.8" height="39.0"/></g>
<g><title>2026-01-01 00:00:12: 0 denied, 1 permissive</title><rect class="permissive" x="613.2" y="130.2" width="38.8" height="39.0"/></g>
<g><title>2026-01-01 00:00:13: 0 denied, 1 permissive</title><rect class="permissive" x="660.5" y="130.2" width="38.8" height="39.0"/></g>
<g><title>2026-01-01 00:00:14: 0 denied, 1 permissive</title><rect class="permissive" x="707.9" y="130.2" width="38.8" height="39.0"/></g>
<g><title>2026-01-01 00:00:15: 0 denied, 1 permissive</title><rect class="permissive" x="755.3" y="130.2" width="38.8" height="39.0"/></g>
<g><title>2026-01-01 00:00:16: 0 denied, 1 permissive</title><rect class="permissive" x="802.6" y="130.2" width="38.8" height="39.0"/></g>
<g><title>2026-01-01 00:00:17: 0 denied, 1 permissive</title><rect class="permissive" x="850.0" y="130.2" width="38.8" height="39.0"/></g>
<g><title>2026-01-01 00:00:18: 0 denied, 1 permissive</title><rect class="permissive" x="897.4" y="130.2" width="38.8" height="39.0"/></g>
</svg>
<p><span class="key"></span>denied or reduced &nbsp; <span class="key open"></span>permissive: would be denied <span class="dim">&nbsp; A bar is one second.</span></p>
<details><summary>The numbers</summary><div class="scroll" tabindex="0" role="region" aria-label="Refusals over time"><table>
<thead><tr><th scope="col"><button type="button">From (UTC)</button></th><th scope="col" class="n"><button type="button">Denied</button></th><th scope="col" class="n"><button type="button">Permissive</button></th></tr></thead><tbody>
<tr><td class="when">2026-01-01 00:00:00</td><td class="n">2</td><td class="n">1</td></tr>
<tr><td class="when">2026-01-01 00:00:01</td><td class="n">0</td><td class="n">1</td></tr>
<tr><td class="when">2026-01-01 00:00:02</td><td class="n">0</td><td class="n">1</td></tr>
<tr><td class="when">2026-01-01 00:00:03</td><td class="n">0</td><td class="n">1</td></tr>
<tr><td class="when">2026-01-01 00:00:04</td><td class="n">0</td><td class="n">1</td></tr>
<tr><td class="when">2026-01-01 00:00:05</td><td class="n">0</td><td class="n">1</td></tr>
<tr><td class="when">2026-01-01 00:00:06</td><td class="n">0</td><td class="n">1</td></tr>
<tr><td class="when">2026-01-01 00:00:07</td><td class="n">0</td><td class="n">1</td></tr>
<tr><td class="when">2026-01-01 00:00:08</td><td class="n">0</td><td class="n">1</td></tr>
<tr><td class="when">2026-01-01 00:00:09</td><td class="n">0</td><td class="n">1</td></tr>
<tr><td class="when">2026-01-01 00:00:10</td><td class="n">0</td><td class="n">1</td></tr>
<tr><td class="when">2026-01-01 00:00:11</td><td class="n">0</td><td class="n">1</td></tr>
<tr><td class="when">2026-01-01 00:00:12</td><td class="n">0</td><td class="n">1</td></tr>
<tr><td class="when">2026-01-01 00:00:13</td><td class="n">0</td><td class="n">1</td></tr>
<tr><td class="when">2026-01-01 00:00:14</td><td class="n">0</td><td class="n">1</td></tr>
<tr><td class="when">2026-01-01 00:00:15</td><td class="n">0</td><td class="n">1</td></tr>
<tr><td class="when">2026-01-01 00:00:16</td><td class="n">0</td><td class="n">1</td></tr>
<tr><td class="when">2026-01-01 00:00:17</td><td class="n">0</td><td class="n">1</td></tr>
<tr><td class="when">2026-01-01 00:00:18</td><td class="n">0</td><td class="n">1</td></tr>
</tbody></table></div></details>
</section>
<section id="causes" aria-labelledby="h-causes">
<h2 id="h-causes">Refusals by cause</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Refusals by cause"><table>
<thead><tr><th scope="col"><button type="button">Cause</button></th><th scope="col" class="n"><button type="button">Denied</button></th><th scope="col" class="n"><button type="button">Permissive</button></th><th scope="col" class="n"><button type="button">Reduced</button></th><th scope="col" class="n"><button type="button">Pages</button></th><th scope="col">Over time</th><th scope="col"><button type="button">First</button></th><th scope="col"><button type="button">Last</button></th></tr></thead><tbody>
<tr><td class="free">exec_file</td><td class="n">0</td><td class="n">9</td><td class="n">0</td><td class="n">18</td><td><svg class="spark" viewBox="0 0 120 22" aria-hidden="true"><rect class="permissive" x="7.1" y="1.8" width="3.6" height="19.5"/><rect class="permissive" x="13.4" y="1.8" width="3.6" height="19.5"/><rect class="permissive" x="19.7" y="1.8" width="3.6" height="19.5"/><rect class="permissive" x="26.0" y="1.8" width="3.6" height="19.5"/><rect class="permissive" x="32.3" y="1.8" width="3.6" height="19.5"/><rect class="permissive" x="38.6" y="1.8" width="3.6" height="19.5"/><rect class="permissive" x="45.0" y="1.8" width="3.6" height="19.5"/><rect class="permissive" x="51.3" y="1.8" width="3.6" height="19.5"/><rect class="permissive" x="76.5" y="1.8" width="3.6" height="19.5"/></svg></td><td class="when">2026-01-01 00:00:01</td><td class="when">2026-01-01 00:00:12</td></tr>
<tr><td class="free">exec_anon</td><td class="n">1</td><td class="n">2</td><td class="n">0</td><td class="n">3</td><td><svg class="spark" viewBox="0 0 120 22" aria-hidden="true"><rect class="denied" x="0.0" y="1.0" width="5.1" height="21.0"/><rect class="permissive" x="57.6" y="1.8" width="3.6" height="19.5"/><rect class="permissive" x="70.2" y="1.8" width="3.6" height="19.5"/></svg></td><td class="when">2026-01-01 00:00:00</td><td class="when">2026-01-01 00:00:11</td></tr>
<tr><td class="free">create</td><td class="n">0</td><td class="n">2</td><td class="n">0</td><td class="n">2</td><td><svg class="spark" viewBox="0 0 120 22" aria-hidden="true"><rect class="permissive" x="95.5" y="1.8" width="3.6" height="19.5"/><rect class="permissive" x="101.8" y="1.8" width="3.6" height="19.5"/></svg></td><td class="when">2026-01-01 00:00:15</td><td class="when">2026-01-01 00:00:16</td></tr>
<tr><td class="free">debug</td><td class="n">0</td><td class="n">2</td><td class="n">0</td><td class="n">5</td><td><svg class="spark" viewBox="0 0 120 22" aria-hidden="true"><rect class="permissive" x="0.8" y="1.8" width="3.6" height="19.5"/><rect class="permissive" x="82.9" y="1.8" width="3.6" height="19.5"/></svg></td><td class="when">2026-01-01 00:00:00</td><td class="when">2026-01-01 00:00:13</td></tr>
<tr><td class="free">init</td><td class="n">0</td><td class="n">2</td><td class="n">0</td><td class="n">2</td><td><svg class="spark" viewBox="0 0 120 22" aria-hidden="true"><rect class="permissive" x="63.9" y="1.8" width="3.6" height="19.5"/><rect class="permissive" x="114.4" y="1.8" width="3.6" height="19.5"/></svg></td><td class="when">2026-01-01 00:00:10</td><td class="when">2026-01-01 00:00:18</td></tr>
<tr><td class="free">exec_dynamic</td><td class="n">0</td><td class="n">1</td><td class="n">0</td><td class="n">1</td><td><svg class="spark" viewBox="0 0 120 22" aria-hidden="true"><rect class="permissive" x="89.2" y="1.8" width="3.6" height="19.5"/></svg></td><td class="when">2026-01-01 00:00:14</td><td class="when">2026-01-01 00:00:14</td></tr>
<tr><td class="free">exec_modified</td><td class="n">0</td><td class="n">1</td><td class="n">0</td><td class="n">1</td><td><svg class="spark" viewBox="0 0 120 22" aria-hidden="true"><rect class="permissive" x="108.1" y="1.8" width="3.6" height="19.5"/></svg></td><td class="when">2026-01-01 00:00:17</td><td class="when">2026-01-01 00:00:17</td></tr>
<tr><td class="free">private_map</td><td class="n">1</td><td class="n">0</td><td class="n">0</td><td class="n">4</td><td><svg class="spark" viewBox="0 0 120 22" aria-hidden="true"><rect class="denied" x="0.0" y="1.0" width="5.1" height="21.0"/></svg></td><td class="when">2026-01-01 00:00:00</td><td class="when">2026-01-01 00:00:00</td></tr>
</tbody></table></div>
</section>
<section id="domains" aria-labelledby="h-domains">
<h2 id="h-domains">Refusals by domain</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Refusals by domain"><table>
<thead><tr><th scope="col"><button type="button">Domain</button></th><th scope="col" class="n"><button type="button">Denied</button></th><th scope="col" class="n"><button type="button">Permissive</button></th><th scope="col" class="n"><button type="button">Reduced</button></th><th scope="col" class="n"><button type="button">Pages</button></th><th scope="col">Over time</th><th scope="col"><button type="button">First</button></th><th scope="col"><button type="button">Last</button></th></tr></thead><tbody>
<tr><td class="free">payroll</td><td class="n">2</td><td class="n">17</td><td class="n">0</td><td class="n">34</td><td><svg class="spark" viewBox="0 0 120 22" aria-hidden="true"><rect class="denied" x="0.0" y="8.0" width="5.1" height="14.0"/><rect class="permissive" x="0.8" y="1.8" width="3.6" height="5.5"/><rect class="permissive" x="7.1" y="15.8" width="3.6" height="5.5"/><rect class="permissive" x="13.4" y="15.8" width="3.6" height="5.5"/><rect class="permissive" x="19.7" y="15.8" width="3.6" height="5.5"/><rect class="permissive" x="26.0" y="15.8" width="3.6" height="5.5"/><rect class="permissive" x="32.3" y="15.8" width="3.6" height="5.5"/><rect class="permissive" x="38.6" y="15.8" width="3.6" height="5.5"/><rect class="permissive" x="45.0" y="15.8" width="3.6" height="5.5"/><rect class="permissive" x="51.3" y="15.8" width="3.6" height="5.5"/><rect class="permissive" x="57.6" y="15.8" width="3.6" height="5.5"/><rect class="permissive" x="63.9" y="15.8" width="3.6" height="5.5"/><rect class="permissive" x="70.2" y="15.8" width="3.6" height="5.5"/><rect class="permissive" x="76.5" y="15.8" width="3.6" height="5.5"/><rect class="permissive" x="82.9" y="15.8" width="3.6" height="5.5"/><rect class="permissive" x="89.2" y="15.8" width="3.6" height="5.5"/><rect class="permissive" x="108.1" y="15.8" width="3.6" height="5.5"/><rect class="permissive" x="114.4" y="15.8" width="3.6" height="5.5"/></svg></td><td class="when">2026-01-01 00:00:00</td><td class="when">2026-01-01 00:00:18</td></tr>
<tr><td class="free">default</td><td class="n">0</td><td class="n">1</td><td class="n">0</td><td class="n">1</td><td><svg class="spark" viewBox="0 0 120 22" aria-hidden="true"><rect class="permissive" x="95.5" y="1.8" width="3.6" height="19.5"/></svg></td><td class="when">2026-01-01 00:00:15</td><td class="when">2026-01-01 00:00:15</td></tr>
<tr><td class="free">elsewhere</td><td class="n">0</td><td class="n">1</td><td class="n">0</td><td class="n">1</td><td><svg class="spark" viewBox="0 0 120 22" aria-hidden="true"><rect class="permissive" x="101.8" y="1.8" width="3.6" height="19.5"/></svg></td><td class="when">2026-01-01 00:00:16</td><td class="when">2026-01-01 00:00:16</td></tr>
</tbody></table></div>
</section>
<section id="enclaves" aria-labelledby="h-enclaves">
<h2 id="h-enclaves">Refusals by enclave</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Refusals by enclave"><table>
<thead><tr><th scope="col"><button type="button">Enclave</button></th><th scope="col"><button type="button">Program</button></th><th scope="col"><button type="button">Domain</button></th><th scope="col" class="n"><button type="button">Denied</button></th><th scope="col" class="n"><button type="button">Permissive</button></th><th scope="col" class="n"><button type="button">Reduced</button></th><th scope="col" class="n"><button type="button">Pages</button></th><th scope="col"><button type="button">First</button></th><th scope="col"><button type="button">Last</button></th></tr></thead><tbody>
<tr><td class="when">1</td><td class="free mono">/opt/payroll/bin/server</td><td class="">payroll</td><td class="n">0</td><td class="n">12</td><td class="n">0</td><td class="n">21</td><td class="when">2026-01-01 00:00:01</td><td class="when">2026-01-01 00:00:14</td></tr>
<tr><td class="when">1 (boot 2, d85a03c61e7f92b4)</td><td class="free mono">/opt/payroll/bin/server</td><td class="">payroll</td><td class="n">0</td><td class="n">2</td><td class="n">0</td><td class="n">2</td><td class="when">2026-01-01 00:00:17</td><td class="when">2026-01-01 00:00:18</td></tr>
<tr><td class="when">8 (boot 3, ?)</td><td class="free mono">/opt/payroll/bin/server</td><td class="">payroll</td><td class="n">1</td><td class="n">1</td><td class="n">0</td><td class="n">8</td><td class="when">2026-01-01 00:00:00</td><td class="when">2026-01-01 00:00:00</td></tr>
<tr><td class="when">2</td><td class="free mono">/opt/payroll/bin/server</td><td class="">payroll</td><td class="n">0</td><td class="n">1</td><td class="n">0</td><td class="n">1</td><td class="when">2026-01-01 00:00:11</td><td class="when">2026-01-01 00:00:11</td></tr>
<tr><td class="when">3</td><td class="free mono">/opt/payroll/bin/server</td><td class="">payroll</td><td class="n">0</td><td class="n">1</td><td class="n">0</td><td class="n">1</td><td class="when">2026-01-01 00:00:12</td><td class="when">2026-01-01 00:00:12</td></tr>
<tr><td class="when">4</td><td class="free mono">/usr/bin/tool</td><td class="">default</td><td class="n">0</td><td class="n">1</td><td class="n">0</td><td class="n">1</td><td class="when">2026-01-01 00:00:15</td><td class="when">2026-01-01 00:00:15</td></tr>
<tr><td class="when">5</td><td class="free mono">/opt/payroll/bin/server</td><td class="">elsewhere</td><td class="n">0</td><td class="n">1</td><td class="n">0</td><td class="n">1</td><td class="when">2026-01-01 00:00:16</td><td class="when">2026-01-01 00:00:16</td></tr>
<tr><td class="when">9 (boot 3, ?)</td><td class="free mono">/opt/payload\x1b[31m</td><td class="">payroll</td><td class="n">1</td><td class="n">0</td><td class="n">0</td><td class="n">1</td><td class="when">2026-01-01 00:00:00</td><td class="when">2026-01-01 00:00:00</td></tr>
</tbody></table></div>
<p class="dim">There are records of several boots; numbers without one are of boot 1, 2b94e7f0165dac83.</p>
</section>
<section id="identities" aria-labelledby="h-identities">
<h2 id="h-identities">Enclaves and identities seen</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Enclaves and identities seen"><table>
<thead><tr><th scope="col"><button type="button">Identity</button></th><th scope="col"><button type="button">First started by</button></th><th scope="col"><button type="button">Code from, permissions</button></th><th scope="col" class="n"><button type="button">Started</button></th><th scope="col" class="n"><button type="button">Refused</button></th><th scope="col"><button type="button">First</button></th><th scope="col"><button type="button">Last</button></th></tr></thead><tbody>
<tr><td class="wide"><b>payroll</b> product 0, SVN 0<br><span class="mono">measurement 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff<br>signer none</span></td><td class="free">not started</td><td class="free">-</td><td class="n">0</td><td class="n">2</td><td class="">2026-01-01 00:00:00</td><td class="">2026-01-01 00:00:00</td></tr>
<tr><td class="wide"><b>payroll</b> product 0, SVN 0<br><span class="mono">measurement 1111111111111111111111111111111111111111111111111111111111111111<br>signer none</span></td><td class="free">not started</td><td class="free">-</td><td class="n">0</td><td class="n">2</td><td class="">2026-01-01 00:00:10</td><td class="">2026-01-01 00:00:13</td></tr>
<tr><td class="wide"><b>payroll</b> product 7, SVN 3<br><span class="mono">measurement 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff<br>signer 1111111111111111111111111111111111111111111111111111111111111111</span></td><td class="free">not started</td><td class="free">-</td><td class="n">0</td><td class="n">1</td><td class="">2026-01-01 00:00:00</td><td class="">2026-01-01 00:00:00</td></tr>
<tr><td class="wide"><b>in no named identity</b> product 0, SVN 0<br><span class="mono">measurement 2222222222222222222222222222222222222222222222222222222222222222<br>signer none</span></td><td class="free">not started</td><td class="free">-</td><td class="n">0</td><td class="n">1</td><td class="">2026-01-01 00:00:18</td><td class="">2026-01-01 00:00:18</td></tr>
</tbody></table></div>
</section>
<section id="unused" aria-labelledby="h-unused">
<h2 id="h-unused">Permissions granted but never used</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Permissions granted but never used"><table>
<thead><tr><th scope="col"><button type="button">Domain</button></th><th scope="col"><button type="button">Permission</button></th><th scope="col"><button type="button">Rule</button></th><th scope="col"><button type="button">What is known</button></th></tr></thead><tbody>
<tr><td class="">payroll</td><td class="">change</td><td class="mono">host.ewx:16</td><td class="">not known: it is used after init, which is recorded by log rules only; see --counters</td></tr>
<tr><td class="">payroll</td><td class="">create</td><td class="mono">host.ewx:16</td><td class="">no enclave that started used it</td></tr>
<tr><td class="">payroll</td><td class="">exec_anon</td><td class="mono">host.ewx:18</td><td class="">no enclave that started used it</td></tr>
<tr><td class="">payroll</td><td class="">exec_dynamic</td><td class="mono">host.ewx:20</td><td class="">not known: it is used after init, which is recorded by log rules only; see --counters</td></tr>
<tr><td class="">payroll</td><td class="">exec_file</td><td class="mono">host.ewx:19</td><td class="">no enclave that started used it</td></tr>
<tr><td class="">payroll</td><td class="">init</td><td class="mono">host.ewx:18</td><td class="">no enclave that started used it</td></tr>
</tbody></table></div>
<p class="dim">By the records of that time. The kernel counts each rule; give its counts with --counters.</p>
</section>
<section id="expiring" aria-labelledby="h-expiring">
<h2 id="h-expiring">Exceptions with an end</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Exceptions with an end"><table>
<thead><tr><th scope="col"><button type="button">Exception</button></th><th scope="col"><button type="button">Where</button></th><th scope="col"><button type="button">Ends (UTC)</button></th><th scope="col"><button type="button">As of the newest record</button></th></tr></thead><tbody>
<tr><td class="free">allow exec_dynamic in payroll</td><td class="mono">host.ewx:20</td><td class="when">2027-03-31 23:59:59</td><td class="">in 454 days</td></tr>
</tbody></table></div>
</section>
<section id="control" aria-labelledby="h-control">
<h2 id="h-control">Loads and changes</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Loads and changes"><table>
<thead><tr><th scope="col"><button type="button">When (UTC)</button></th><th scope="col"><button type="button">What</button></th><th scope="col"><button type="button">Who</button></th><th scope="col"><button type="button">Result</button></th></tr></thead><tbody>
<tr><td class="when">2026-01-01 01:00:01</td><td class="free">policy host version 12</td><td class="free">uid 0, logged in as 0, ?</td><td class="">done</td></tr>
<tr><td class="when">2026-01-01 01:00:00</td><td class="free">policy host version 12</td><td class="free">uid 0, logged in as 0, ?</td><td class="">done</td></tr>
<tr><td class="when">2026-01-01 00:00:00</td><td class="free">policy host version 12</td><td class="free">uid 0, logged in as 1000, /usr/local/sbin/ewx</td><td class="">done</td></tr>
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
8
$ (echo noise; sed 's/pid=812/pid=x/' denied.log) | ewx report - -o bad.html; ls bad.html
ewx: standard input:3: the field pid is no number
bad.html
$ ewx report missing.log
ewx: missing.log: No such file or directory
[1]
$ ewx report -o /nowhere/page.html denied.log
ewx: /nowhere/page.html: No such file or directory
[1]
## The kernel's count of each rule decides what was never used.
$ mkdir -p nodes/policies/host && ewx compile host.ewx --built 0 -o nodes/policies/host/blob && printf 'state: active\npolicy: host\n' >nodes/status && printf 'allowed: 9\nrule 0 host.ewx:16: 4\nrule 2 host.ewx:19: 3\n' >nodes/counters && ewx counters --securityfs nodes --json >counters.json; ewx report --policy host.ewx --counters counters.json learn.log | sed -n '/id="unused"/,/<.section>/{s/<[^>]*>/ /gp}'
 
 Permissions granted but never used 
  
    Domain    Permission    Rule    What is known     
  payroll  change  host.ewx:16  the rule decided 4 times, for whichever of its permissions  
  payroll  create  host.ewx:16  the rule decided 4 times, for whichever of its permissions  
  payroll  exec_anon  host.ewx:18  the kernel counted none  
  payroll  exec_dynamic  host.ewx:20  the kernel counted none  
  payroll  init  host.ewx:18  the kernel counted none  
   
 
$ ewx report --policy host2.ewx --counters counters.json learn.log
ewx: counters.json: the counters of another policy
[1]
$ ewx report --counters counters.json learn.log
ewx: --counters needs the policy they are of
Usage: ewx report [LOG...] [--policy FILE... [--counters FILE]] [FILTER...] [-o OUT]
[2]
$ ewx report --policy host.ewx --counters host.ewx learn.log
ewx: host.ewx: '[' or '{' expected near 'language'
[1]
## Nobody's name for anything is markup, nor ends an attribute.
$ x=3C2F7469746C653E3C736372697074207372633D223E27222F2F3E; sed "s/ path=[^ ]*/ path=$x/; s/ exe=[^ ]*/ exe=$x/; s/ comm=[^ ]*/ comm=$x/; s/ domain=[^ ]*/ domain=$x/; s/ cause=[^ ]*/ cause=<b>/; s/ policy=[^ ]*/ policy=$x/; s/ identity=[^ ]*/ identity=$x/; s/ source=[^ ]*/ source=$x/; s/ used=[^ ]*/ used=<i>/; s/ creator=[^ ]*/ creator=$x/; s/ level=[^ ]*/ level=<u>/; s/ measurement=[^ ]*/ measurement=<s>\"/" vm.log mixed.log | ewx report - -o hostile.html; grep -cE '<script src|<b>"|<i>|<u>|<s>' hostile.html; grep -c '&lt;script src=&quot;&gt;' hostile.html
0
26
## Many of everything: the page and the memory stay small, and nothing is lost.
$ awk 'NR == 1 { for (i = 1; i <= 20000; i++) { s = $0; sub(/enclave=1 /, "enclave=" i " ", s); sub(/domain="payroll"/, "domain=\"d" i "\"", s); sub(/cause=exec_file/, "cause=c" i, s); print s } }' learn.log >many.log; (ulimit -v 200000; ewx report many.log -o many.html); grep -o 'And [0-9]* more [a-z]*, with [0-9]* refusals together' many.html; [ "$(wc -c <many.html)" -lt 200000 ]
And 19950 more causes, with 19950 refusals together
And 19950 more domains, with 19950 refusals together
And 19950 more enclaves, with 19950 refusals together
## A boot's enclaves are its own, whatever the filter leaves out.
$ ewx report --domain payroll boots.log | sed -n '/id="enclaves"/,/<.section>/s/.*<tr><td class="when">\([^<]*\)<.*/\1/p'
1
1 (boot 2, 90b7c3d218aa6f05)
## A clock that was wrong once: the chart is of the time that the others are of, in any order, and so are the dates.
$ (sed -n 1p learn.log | sed 's/audit([0-9]*/audit(86400/'; cat learn.log; sed -n 2p learn.log | sed 's/audit([0-9]*/audit(32503680000/') >clock.log; ewx report --policy host.ewx clock.log | sed -n '/UTC<.p>/p; /years away/s/.*\(The dates.*\)<.p>/\1/p; /class="chart"/,/A bar is/{/<title>/d;s/<line[^>]*>//;s/<[^>]*>/ /gp}; /not in the chart/p; /in 4.. days/s/.*<td class="">/end: /p'; for order in sort 'sort -r' 'sort -R --random-source=clock.log'; do $order clock.log | ewx report --policy host.ewx - | sed -n '/class="chart"/,/<.svg>/p; /years away/p; /UTC<.p>/p' | cksum; done | uniq | wc -l
<p class="dim">2026-01-01 00:00:01 to 2026-01-01 01:00:01 UTC</p>
The dates of 2 records are years away from the others: of clocks that were wrong?
 
 0 
 1 
 2 
 2026-01-01 00:00:01  2026-01-01 00:00:19 
 
   denied or reduced &nbsp;   permissive: would be denied  &nbsp; A bar is one second.  
<p class="dim">2 refusals of other years are not in the chart.</p>
end: in 454 days</td></tr>
1
## Two times that grow together are one.
$ (for t in 100000000 200000000 130000000 160000000 190000000; do sed -n 1p learn.log | sed "s/audit([0-9]*/audit($t/"; done) | ewx report - | sed -n '/UTC<.p>/p; /class="chart"/,/A bar is/s/.*<title>\([^<]*\)<.*/\1/p; /not in the chart/p'
<p class="dim">1973-03-03 09:46:40 to 1976-05-03 19:33:20 UTC</p>
1973-02-22 00:00:00: 0 denied, 1 permissive
1974-01-24 00:00:00: 0 denied, 1 permissive
1975-01-23 00:00:00: 0 denied, 1 permissive
1975-12-25 00:00:00: 0 denied, 1 permissive
1976-04-15 00:00:00: 0 denied, 1 permissive
## Loads and changes without a stamp, or of one moment, are each in a row.
$ (sed -n 's/^type=\(140[34]\) audit([^)]*): /Nov 20 19:48:01 host audit[1]: AUDIT\1 /p' boots.log; sed -n '/^type=1403/{p;p;q}' boots.log) | ewx report - | sed -n '/id="control"/,/<.section>/s/.*<tr><td class="when">\([^<]*\)<.*/\1/p'
2026-01-01 00:00:00
2026-01-01 00:00:00
?
?
## What was sealed, and what could not be.
$ (cat seal.log; sed -n '2{s/audit(17672256/audit(17672257/;s/ res=.*//p}' seal.log) | ewx report - | sed -n '/id="control"/,/<.section>/{/<td/s/<[^>]*>/ /gp}'
  2026-01-01 00:01:42  sealed: signed, before: none  uid 0, logged in as 1000, /usr/sbin/ewx  not known  
  2026-01-01 00:00:04  as before: denials are enforced; records: log; sealed: closed  uid 0, logged in as 1000, /usr/sbin/ewx  Operation not permitted  
  2026-01-01 00:00:03  sealed: closed, before: signed  uid 0, logged in as 1000, /usr/sbin/ewx  done  
  2026-01-01 00:00:02  sealed: signed, before: none  uid 0, logged in as 1000, /usr/sbin/ewx  done  
  2026-01-01 00:00:01  as before: denials are only recorded; records: log; sealed: none  uid 0, logged in as 1000, /usr/sbin/ewx  Device or resource busy  
## Who was to be traced did nothing.
$ ewx report guarded.log | sed -n '/class="lead"/p; /id="domains"/,/<.section>/{/<td/p}' | sed 's/<[^>]*>/ /g'
 1 refusal of 0 pages, most for  guarded  (1) and by domain  payroll (to be traced)  (1); 0 enclaves started. Too short a time to say whether it gets worse. 
  payroll (to be traced)  1  0  0  0       2026-01-01 00:00:01  2026-01-01 00:00:01  
## What does not say that it was allowed is no use: no result, another version's, cut in the middle of it or of the list.
$ sed '/^type=1490/!d; s/result=permissive/result=allowed/; q' boots.log >use.log; (sed 's/ result=[^ ]*//' use.log; sed 's/result=allowed/result=deferred/' use.log; sed 's/=allowed.*/=allow/' use.log; sed 's/ missing=.*//' use.log) >odd.log; ewx report use.log odd.log | sed -n '/class="cards"/,/<.ul>/p; /not known/s/.*started. //p' | sed 's/<[^>]*>/ /g' | grep -v '^  0'
 Of  3 records  it is not known what was decided: the log is damaged, or of another version. 2 records are cut short in the log. 
 
  2 logged uses 
  3 of unknown result 
 
$ for log in use.log odd.log; do ewx report --policy host.ewx $log | sed -n '/id="unused"/,/<.section>/p' | grep -c '>exec_file<'; done
0
1
## What was left out is of any kind, whatever the filter.
$ ewx report --domain payroll suppressed.log | sed -n '/left out/{s/.*The kernel/The kernel/;s/<[^>]*>/ /gp}'
The kernel left out  5000 records of any kind : in truth there were that many more, of these or of others. 
  5000 left out, of any kind 
## A number below 0 is none.
$ sed 's/ pages=1/ pages=-1/; s/suppressed=0/suppressed=-1/' denied.log | ewx report - | sed -n '/class="lead"/s/<[^>]*>/ /gp'
 1 refusal of 0 pages, most for  exec_file  (1) and by domain  payroll  (1); 0 enclaves started. Too short a time to say whether it gets worse. Of 1 record a value is lost. 
$ ewx report boots.log | sed -n '/id="enclaves"/,/<.section>/{/several/s/<[^>]*>//gp}'
There are records of several boots; numbers without one are of boot 1, 5e1f0a9c44d7b263.
## A line without a stamp counts by the time of the decision; without that nothing is said to end.
$ sed -n 's/^type=1490 audit([^)]*): /Nov 20 19:48:01 host audit[812]: AUDIT1490 /p' boots.log >journal.log; for now in 's/x/x/' 's/ now=[^ ]*/ now=?/'; do sed "$now" journal.log | ewx report --policy host.ewx - | sed -n '/ to .*UTC<.p>/s/<[^>]*>//gp; /id="expiring"/,/<.section>/{/<td/s/<[^>]*>/ /gp}'; done
2026-01-01 00:00:01 to 2026-01-02 03:46:41 UTC
  allow exec_dynamic in payroll  host.ewx:20  2027-03-31 23:59:59  in 453 days  
? to ? UTC
  allow exec_dynamic in payroll  host.ewx:20  2027-03-31 23:59:59  not known: no record says when it was written  
