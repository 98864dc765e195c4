# shellcheck shell=bash
# Completion of weftd for bash: the program itself says what can follow.
_weftd() {
    mapfile -t COMPREPLY < <(compgen -W "$(weftd "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _weftd weftd
