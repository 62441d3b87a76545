# cmake -DINPUT=FILE -DOUTPUT=FILE.cc -DSYMBOL=Name -P embed_file.cmake
#
# Writes a C++ file in which gateway::Name() gives the bytes of INPUT.
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes "${bytes}")
file(WRITE ${OUTPUT} "#include <string_view>\n\nnamespace gateway {\n\nstd::string_view ${SYMBOL}();\n
std::string_view ${SYMBOL}() {\n  static const unsigned char kBytes[] = {\n${bytes}};
  return {reinterpret_cast<const char*>(kBytes), sizeof kBytes};\n}\n\n}  // namespace gateway\n")
