# bash completion for weft: asks weft itself, so that verbs, options and names are never out of date
_weft() {
    local line=${COMP_LINE:0:COMP_POINT} words current split candidate IFS=$' \t\n'
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    current=${words[${#words[@]} - 1]}
    split=${current%"$2"} # bash begins a new word at a colon, weft does not
    COMPREPLY=()
    while IFS=$'\t' read -r candidate _; do
        case $candidate in
            :files) _weft_paths -f "$current" ;;
            :directories) _weft_paths -d "$current" ;;
            *)
                [[ $candidate == *: ]] && compopt -o nospace
                COMPREPLY+=("${candidate#"$split"}")
                ;;
        esac
    done < <("$1" complete -- "${words[@]:1}" 2>/dev/null)
}

_weft_paths() {
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}

complete -F _weft weft
