# SPDX-License-Identifier: MIT
# For tools/make/host.mk: what the first lines of host tests ask for, as words TEST|KEY|WORD; of each key the first line counts.
# One process for all of them, as make reads this each time.
FNR == 1 {
    test = FILENAME
    sub(/.*\//, "", test)
    sub(/\.c$/, "", test)
    split("", told)
}
match($0, /^[ \/*]*(link|define|sanitizer|registers): */) {
    key = substr($0, RSTART, RLENGTH)
    gsub(/[^a-z]/, "", key)
    if (key in told)
        next
    told[key] = 1
    count = split(substr($0, RSTART + RLENGTH), words, " ")
    for (i = 1; i <= count; i++)
        if (words[i] !~ /^\*+\/?$/)
            print test "|" key "|" words[i]
}
