#compdef weftd
# Completion of weftd for zsh: the program itself says what can follow.
local -a words_that_follow
words_that_follow=("${(@f)$(weftd "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
compadd -a words_that_follow || _files
