# SPDX-License-Identifier: GPL-2.0-or-later
#
# Completion of the ewx command in bash. Commands, options and warnings are asked
# of the command itself.

_ewx_commands() {
	ewx help 2>/dev/null | awk '/^Options/ { exit } /^  [a-z]/ { print $1 }'
}

_ewx_options() {
	ewx help "$1" 2>/dev/null | grep -oE -- '--?[a-zA-Z][a-z-]*' | sort -u
}

_ewx() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command='' word

	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		[[ $word == -* ]] || { command=$word; break; }
	done
	COMPREPLY=()
	case $prev in
	--color | --progress) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur"); return ;;
	--diag) mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$cur"); return ;;
	--built | --abi) return ;;
	-W)
		mapfile -t COMPREPLY < <(compgen -W "$(ewx help warnings 2>/dev/null |
			sed -n 's/.* -W\([a-z-]*\) .*/\1 no-\1 error=\1/p') all error" -- "$cur")
		return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_ewx_options "$command")" -- "$cur")
	elif [[ ! $command ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_ewx_commands)" -- "$cur")
	elif [[ $command == help ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_ewx_commands) warnings" -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi
}

complete -o filenames -F _ewx ewx
