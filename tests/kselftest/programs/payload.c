// SPDX-License-Identifier: GPL-2.0-only
/*
 * The code of an honest enclave: one page, position-independent, no data.
 *
 * Built to a flat file whose first byte is the first instruction.
 */

/**
 * payload() - sums 1 to @n.
 * @n: up to where
 * @out: in the enclave's data page; takes the sum
 *
 * Return: the sum.
 */
unsigned long payload(unsigned long n, volatile unsigned long *out);

__attribute__((section(".text.payload")))
unsigned long payload(unsigned long n, volatile unsigned long *out)
{
	unsigned long i;

	*out = 0;
	for (i = 1; i <= n; i++)
		*out += i;
	return *out;
}
