// SPDX-License-Identifier: GPL-2.0-or-later
/* halt off|reset: end the guest at once. QEMU ends on a reset, UML on "off". */
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int how = argc > 1 && !strcmp(argv[1], "off") ? RB_POWER_OFF : RB_AUTOBOOT;

	sync();
	reboot(how);
	perror("halt");
	return 1;
}
