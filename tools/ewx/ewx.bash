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

# Names of warnings as they stand behind -W.
_ewx_warnings() {
	ewx help warnings 2>/dev/null | sed -n 's/.* -W\([a-z-]*\) .*/\1 no-\1 error=\1 no-error=\1/p'
	echo all error
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
	--built | --abi | --confirm | --enclave | --domain | --uid | --boot | --cause | --since | --until) return ;;
	-W) mapfile -t COMPREPLY < <(compgen -W "$(_ewx_warnings)" -- "$cur"); return ;;
	=) # bash parts words there
		if [[ ${COMP_WORDS[COMP_CWORD - 2]} == -W* ]]; then
			mapfile -t COMPREPLY < <(compgen -W "$(_ewx_warnings)" -- "$cur")
			return
		fi ;;
	esac
	if [[ $cur == -W* ]]; then
		mapfile -t COMPREPLY < <(compgen -P -W -W "$(_ewx_warnings)" -- "${cur#-W}")
	elif [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_ewx_options "$command")" -- "$cur")
	elif [[ ! $command ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_ewx_commands)" -- "$cur")
	elif [[ $command == help ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_ewx_commands) warnings $(ewx help warnings 2>/dev/null |
			sed -n 's/^\(W[0-9]*\) *-W\([a-z-]*\) .*/\1 \2/p')" -- "$cur")
	elif [[ $command == enforce ]]; then
		mapfile -t COMPREPLY < <(compgen -W '0 1 off on' -- "$cur")
	elif [[ $command == seal ]]; then
		mapfile -t COMPREPLY < <(compgen -W 'signed closed' -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi
}

complete -o filenames -F _ewx ewx
