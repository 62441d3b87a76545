# Writes the .sql files, given as FILES separated by commas, to OUTPUT as a C++ source that defines KnownMigrations(). A file
# that says `-- compatible_from: N` in its first line leaves programs working that know the schema from version N on.
string(REPLACE "," ";" files "${FILES}")
set(entries)
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME)
  string(REGEX MATCH "^[0-9]+" digits ${name})
  math(EXPR version "1${digits} - 1000")
  file(READ ${file} sql)
  file(SHA256 ${file} checksum)
  set(compatible_from ${version})
  if(sql MATCHES "^-- compatible_from: ([0-9]+)\n")
    set(compatible_from ${CMAKE_MATCH_1})
  endif()
  string(APPEND entries "      {${version}, \"${name}\", \"${checksum}\", ${compatible_from}, R\"sql(${sql})sql\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"services/todo/migrations.h\"

namespace todo {

const std::vector<Migration>& KnownMigrations() {
  static const auto* const kMigrations = new std::vector<Migration>{
${entries}  };
  return *kMigrations;
}

}  // namespace todo
")
