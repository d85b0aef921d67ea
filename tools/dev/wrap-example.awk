# Makes a function of an example that is one operation, so that it can be parsed:
#   %y = nn.relu %x : (tensor<4xf32>) -> tensor<4xf32>
# becomes the body of a function with the argument %x. Operands get their types
# from "(T, T) -> T" or "T to T" at the end. Constants get a function without
# arguments; an example that does not begin with a result stays as it is.
{ text = text $0 "\n" }

# Splits `list` at commas outside of brackets into `parts`; returns how many.
function split_types(list, parts,    i, c, depth, n) {
  n = 1; parts[1] = ""; depth = 0
  for (i = 1; i <= length(list); i++) {
    c = substr(list, i, 1)
    if (c ~ /[<({[]/) depth++
    # The arrow of a function type is no bracket.
    else if (c ~ /[>)}\]]/ && !(c == ">" && substr(list, i - 1, 1) == "-")) depth--
    if (c == "," && depth == 0) parts[++n] = ""
    else parts[n] = parts[n] c
  }
  return n
}

END {
  if (text !~ /^%[A-Za-z0-9_]+ = /) { printf "%s", text; exit }
  flat = text
  gsub(/\n[ ]*/, " ", flat)
  body = flat
  sub(/^%[A-Za-z0-9_]+ = /, "", body)
  # The colon before the types is the last one outside of brackets.
  depth = 0; colon = 0
  for (i = 1; i <= length(body); i++) {
    c = substr(body, i, 1)
    if (c ~ /[<({[]/) depth++
    else if (c ~ /[>)}\]]/ && !(c == ">" && substr(body, i - 1, 1) == "-")) depth--
    if (c == ":" && depth == 0) colon = i
  }
  types = substr(body, colon + 1)
  operands = substr(body, 1, colon)
  sub(/^ */, "", types)
  if (types ~ /^\(/) { sub(/\) -> .*/, "", types); sub(/^\(/, "", types) }
  else if (types ~ / to /) sub(/ to .*/, "", types)
  else operands = "" # a constant
  n = split_types(types, type)
  arguments = ""
  for (i = 1; match(operands, /%[A-Za-z0-9_]+/); i++) {
    arguments = arguments (i > 1 ? ", " : "") substr(operands, RSTART, RLENGTH) ": " type[i]
    operands = substr(operands, RSTART + RLENGTH)
  }
  printf "func.func @example(%s) {\n%s  return\n}\n", arguments, text
}
