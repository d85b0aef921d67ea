# Prints how many bytes the constants of an imported model have.
/nn\.constant/ && match($0, /: tensor<[0-9x]*i(8|16|32|64)>/) {
  type = substr($0, RSTART + 9, RLENGTH - 10)
  count = split(type, sizes, "x")
  bytes = substr(sizes[count], 2) / 8
  for (i = 1; i < count; ++i)
    bytes *= sizes[i]
  sum += bytes
}
END { print sum }
