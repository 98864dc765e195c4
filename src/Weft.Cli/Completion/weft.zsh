#compdef weft
# zsh completion for weft: asks weft itself, so that verbs and options are never out of date
_weft() {
    local line="${BUFFER[1,CURSOR]}"
    local -a words_found
    words_found=("${(@f)$(weft "[suggest:${#line}]" "$line" 2>/dev/null)}")
    compadd -- "${words_found[@]}"
    _files
}
compdef _weft weft
