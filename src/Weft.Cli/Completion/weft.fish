# fish completion for weft: asks weft itself, so that verbs and options are never out of date
function __weft_complete
    set -l line (commandline -cp)
    weft "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
end
complete -c weft -a '(__weft_complete)'
