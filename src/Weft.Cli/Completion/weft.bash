# bash completion for weft: asks weft itself, so that verbs and options are never out of date
_weft() {
    local IFS=$'\n'
    local line=${COMP_LINE:0:COMP_POINT}
    mapfile -t COMPREPLY < <(compgen -W "$(weft "[suggest:${#line}]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}")
    if [ ${#COMPREPLY[@]} -eq 0 ]; then
        mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
    fi
}
complete -o filenames -F _weft weft
