// SPDX-License-Identifier: GPL-2.0-or-later
// Put behind the report's own script by tests/report/check: looks at the page as a
// reader does, and leaves lines of TAP in an element "tap".
(function () {
	'use strict';
	var lines = [], all = document.querySelectorAll.bind(document);

	function check(name, good, said) {
		lines.push((good ? 'ok ' : 'not ok ') + (lines.length + 1) + ' - report: ' +
			   name + (good ? '' : '\n# ' + said));
	}

	function each(list, fn) {
		return Array.prototype.filter.call(list, fn);
	}

	function luminance(colour) {
		var c = colour.match(/[\d.]+/g).slice(0, 3).map(function (v) {
			v /= 255;
			return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
		});

		return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
	}

	function background(e) {
		var colour;

		for (; e; e = e.parentElement) {
			colour = getComputedStyle(e).backgroundColor;
			if (!/, 0\)$/.test(colour) && colour !== 'transparent')
				return colour;
		}
		return 'rgb(255,255,255)';
	}

	function contrast(e) {
		var a = luminance(getComputedStyle(e).color), b = luminance(background(e));

		return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
	}

	function column(table, i) {
		return Array.prototype.map.call(table.tBodies[0].rows, function (r) {
			return r.cells[i].textContent;
		});
	}

	function sorted(list) {
		return list.every(function (v, i) { return !i || list[i - 1] <= v; });
	}

	// What the page was to be shown in; the caller appends it to the address.
	var wanted = location.hash.slice(1), dark = wanted === 'dark';
	var scheme = wanted + ': ';
	var page = luminance(getComputedStyle(document.body).backgroundColor);
	var pale = each(all('p,td,th,a,li,b,h1,h2,button,span'), function (e) {
		return e.textContent.trim() && contrast(e) < 4.5;
	});
	var links = each(all('nav a'), function (a) {
		return !document.getElementById(a.getAttribute('href').slice(1));
	});
	var unreachable = each(all('a,button,.scroll'), function (e) { return e.tabIndex < 0; });
	var button = all('#causes th button')[0], table = button && button.closest('table');

	check(scheme + 'the browser shows it so', /^(dark|light)$/.test(wanted) &&
	      matchMedia('(prefers-color-scheme: ' + wanted + ')').matches, location.hash);
	check(scheme + 'the page is ' + (dark ? 'dark' : 'light'), dark ? page < 0.1 : page > 0.9, page);
	check(scheme + 'all text can be read', !pale.length, pale.map(function (e) {
		return e.tagName + ' ' + e.textContent.slice(0, 20) + ' ' + contrast(e).toFixed(1);
	}).join('; '));
	check(scheme + 'links lead somewhere', !links.length, links.length);
	check(scheme + 'the keyboard reaches everything', !unreachable.length, unreachable.length);
	if (button) {
		button.focus();
		check(scheme + 'a column head takes the focus', document.activeElement === button, '');
		button.click();
		check(scheme + 'and sorts', sorted(column(table, 0)) &&
		      button.closest('th').getAttribute('aria-sort') === 'ascending', column(table, 0));
		button.click();
		check(scheme + 'and sorts back', sorted(column(table, 0).reverse()), column(table, 0));
	}
	check(scheme + 'nothing is wider than the page',
	      document.documentElement.scrollWidth <= document.documentElement.clientWidth,
	      document.documentElement.scrollWidth);
	check(scheme + 'nothing comes from elsewhere', !performance.getEntriesByType('resource').length &&
	      !all('link,img,script[src],iframe').length, '');
	check(scheme + 'each section has a heading', !each(all('section'), function (s) {
		return !s.querySelector('h2');
	}).length && all('h1').length === 1, '');
	var pre = document.createElement('pre');
	pre.id = 'tap';
	pre.textContent = lines.join('\n') + '\n';
	document.body.appendChild(pre);
}());
