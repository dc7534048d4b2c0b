# cmake -DFROM=folder -DINSTEAD=folder -DTO=folder -P EmbedFiles.cmake
#
# Puts every file below FROM (or INSTEAD, when FROM has no index.html) into the program: as it is and as `gzip -9n` makes
# it. Writes to TO, only when it differs from what is there:
#   web_files.s    an assembler file with .incbin
#   web_files.cpp  net::embedded_files(), sorted by path, with type and SHA-256 of each
# The same files give the same bytes, on any machine.
if(NOT EXISTS "${FROM}/index.html")
  set(FROM "${INSTEAD}")
endif()

set(type_html "text/html; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_mjs "${type_js}")
set(type_css "text/css; charset=utf-8")
set(type_json "application/json")
set(type_webmanifest "application/manifest+json")
set(type_svg "image/svg+xml")
set(type_png "image/png")
set(type_ico "image/x-icon")
set(type_webp "image/webp")
set(type_woff2 "font/woff2")
set(type_wasm "application/wasm")
set(type_txt "text/plain; charset=utf-8")
set(type_mp3 "audio/mpeg")
set(type_ogg "audio/ogg")
set(type_wav "audio/wav")

function(write_if_different file text)
  if(EXISTS "${file}")
    file(READ "${file}" present)
    if(present STREQUAL text)
      return()
    endif()
  endif()
  file(WRITE "${file}" "${text}")
endfunction()

find_program(GZIP gzip REQUIRED)
file(REMOVE_RECURSE "${TO}/packed")
file(MAKE_DIRECTORY "${TO}/packed")
file(GLOB_RECURSE files LIST_DIRECTORIES false RELATIVE "${FROM}" "${FROM}/*")
list(FILTER files EXCLUDE REGEX "(^|/)\\.|\\.map$")

# A page is found under its folder: index.html is "/". The sign between path and file comes before every sign of a path,
# so that the order is that of the paths: "/" before "/assets/x".
set(paths)
foreach(file ${files})
  string(REGEX REPLACE "(^|/)index\\.html$" "\\1" path "/${file}")
  list(APPEND paths "${path}!${file}")
endforeach()
list(SORT paths COMPARE STRING)

set(assembly "        .section .rodata\n")
set(table "")
set(externs "")
set(number 0)
foreach(entry ${paths})
  string(REGEX MATCH "^([^!]*)!(.*)$" entry "${entry}")
  set(path "${CMAKE_MATCH_1}")
  set(file "${CMAKE_MATCH_2}")
  if(NOT path MATCHES "^[A-Za-z0-9/._-]+$")
    message(FATAL_ERROR "${file}: a file of the console is named with letters, digits and . _ - only")
  endif()
  string(REGEX MATCH "\\.([A-Za-z0-9]+)$" ending "${file}")
  set(type "${type_${CMAKE_MATCH_1}}")
  if(NOT ending OR NOT type)
    message(FATAL_ERROR "${file}: deploy/cmake/EmbedFiles.cmake knows no type for this ending")
  endif()

  set(packed "${TO}/packed/${number}.gz")
  execute_process(COMMAND "${GZIP}" -9nc "${FROM}/${file}" OUTPUT_FILE "${packed}" COMMAND_ERROR_IS_FATAL ANY)
  file(SIZE "${FROM}/${file}" raw_size)
  file(SIZE "${packed}" packed_size)
  file(SHA256 "${FROM}/${file}" digest)
  # The digest stands in both outputs: what has changed is assembled anew.
  string(APPEND assembly "# ${digest}\nkapok_web_${number}_raw:\n        .incbin \"${FROM}/${file}\"\nkapok_web_${number}_gzip:\n")
  set(gzip "{}")
  if(packed_size LESS raw_size)
    string(APPEND assembly "        .incbin \"${packed}\"\n")
    set(gzip "{kapok_web_${number}_gzip, ${packed_size}}")
  endif()
  string(APPEND assembly "        .byte 0\n        .global kapok_web_${number}_raw, kapok_web_${number}_gzip\n")
  string(APPEND externs "extern const char kapok_web_${number}_raw[];\nextern const char kapok_web_${number}_gzip[];\n")
  string(APPEND table "      {\"${path}\", \"${type}\", \"\\\"${digest}\\\"\", {kapok_web_${number}_raw, ${raw_size}}, ${gzip}},\n")
  math(EXPR number "${number} + 1")
endforeach()

string(APPEND assembly "        .section .note.GNU-stack,\"\",%progbits\n")
write_if_different("${TO}/web_files.s" "${assembly}")
write_if_different("${TO}/web_files.cpp" "// Made by deploy/cmake/EmbedFiles.cmake.
#include \"net/web_files.h\"

extern \"C\" {
${externs}}

namespace kapok::net {

std::span<const WebFile> embedded_files() {
  static const WebFile kFiles[] = {
${table}  };
  return kFiles;
}

}  // namespace kapok::net
")
