# Completion of weftd for fish: the program itself says what can follow.
complete -c weftd -a '(weftd "[suggest:"(string length -- (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
