/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names for addresses, from the image's ELF file: its symbols, and lines from DWARF where it has any (libdw). An address in no
 * symbol has no name: a symbol without a size (assembly's) goes on to the next one, and not beyond its section.
 */
#include "sim/plugin/plugin.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct symbol {
    uint32_t address, size; /* size 0 in the file: up to the next symbol, set by measure() */
    uint32_t section_end;
    const char *name;
    bool function, global, measured;
};

static struct symbol *table;
static size_t entries;
static uint32_t shift;
static Dwfl *debug;
static Dwfl_Module *module;
static Dwarf_Addr bias; /* libdwfl puts a position-independent image elsewhere */

static int by_address(const void *left, const void *right)
{
    const struct symbol *a = left, *b = right;

    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    return (int)a->function - (int)b->function;
}

/* 0: no section with code. */
static uint32_t end_of_code(Elf *elf, const GElf_Sym *symbol)
{
    Elf_Scn *section = elf_getscn(elf, symbol->st_shndx);
    GElf_Shdr header;

    if (!section || !gelf_getshdr(section, &header) || !(header.sh_flags & SHF_EXECINSTR))
        return 0;
    return (uint32_t)(header.sh_addr + header.sh_size);
}

static void add(Elf *elf, const GElf_Sym *symbol, const char *name)
{
    unsigned type = GELF_ST_TYPE(symbol->st_info);
    uint32_t section_end = end_of_code(elf, symbol);

    if (!name || !*name || *name == '$' || !section_end || (type != STT_FUNC && type != STT_NOTYPE))
        return;
    if (entries % 1024 == 0)
        table = realloc(table, (entries + 1024) * sizeof(*table));
    if (!table)
        abort();
    table[entries++] = (struct symbol){.address = (uint32_t)symbol->st_value & ~(type == STT_FUNC ? 1u : 0u),
                                       .size = (uint32_t)symbol->st_size,
                                       .section_end = section_end,
                                       .name = strdup(name),
                                       .function = type == STT_FUNC,
                                       .global = GELF_ST_BIND(symbol->st_info) != STB_LOCAL};
}

static void measure(void)
{
    uint32_t next = UINT32_MAX; /* address of the first symbol above */

    for (size_t i = entries; i-- > 0;) {
        struct symbol *symbol = &table[i];

        if (i + 1 < entries && table[i + 1].address > symbol->address)
            next = table[i + 1].address;
        symbol->measured = !symbol->size;
        if (symbol->measured)
            symbol->size = (symbol->section_end < next ? symbol->section_end : next) - symbol->address;
    }
}

static bool read_table(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    Elf *elf;
    Elf_Scn *section = NULL;

    if (file < 0)
        return false;
    elf_version(EV_CURRENT);
    elf = elf_begin(file, ELF_C_READ, NULL);
    if (!elf || elf_kind(elf) != ELF_K_ELF) {
        close(file);
        return false;
    }
    while ((section = elf_nextscn(elf, section))) {
        GElf_Shdr header;
        Elf_Data *data;
        GElf_Sym symbol;

        if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB || !header.sh_entsize)
            continue;
        data = elf_getdata(section, NULL);
        for (size_t i = 0; data && i < header.sh_size / header.sh_entsize; i++)
            if (gelf_getsym(data, (int)i, &symbol))
                add(elf, &symbol, elf_strptr(elf, header.sh_link, symbol.st_name));
    }
    elf_end(elf);
    close(file);
    qsort(table, entries, sizeof(*table), by_address);
    measure();
    return true;
}

bool symbols_load(const char *path, uint32_t reloc)
{
    static const Dwfl_Callbacks callbacks = {.find_debuginfo = dwfl_standard_find_debuginfo,
                                             .section_address = dwfl_offline_section_address};

    shift = reloc;
    if (!read_table(path))
        return false;
    debug = dwfl_begin(&callbacks);
    if (debug) {
        module = dwfl_report_offline(debug, "", path, -1);
        dwfl_report_end(debug, NULL, NULL);
        if (module)
            dwfl_module_getdwarf(module, &bias);
    }
    return true;
}

static const struct symbol *symbol_of(uint32_t address)
{
    size_t low = 0, high = entries;
    const struct symbol *label = NULL;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (table[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    /* The last function at or below, if it reaches here. Assembly has labels within its functions, and functions that are mere
     * labels, or have no size: then a global name counts more than a local one. Of several at one address a function is last. */
    while (low--) {
        const struct symbol *at = &table[low];
        bool inside = address - at->address < at->size;

        if (at->function && !at->measured)
            return inside ? at : label;
        if (!inside && !at->measured)
            continue;
        if (!inside && !label)
            return NULL;
        if (at->function || at->global)
            return at;
        if (!label)
            label = at;
    }
    return label;
}

static struct frame call_of(Dwarf_Die *unit, Dwarf_Die *inlined, const char *name)
{
    struct frame frame = {.function = name};
    Dwarf_Attribute attribute;
    Dwarf_Word file, line;
    Dwarf_Files *files;
    size_t count;

    if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &file) == 0 &&
        dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &line) == 0 &&
        dwarf_getsrcfiles(unit, &files, &count) == 0 && file < count) {
        frame.file = dwarf_filesrc(files, file, NULL, NULL);
        frame.line = (int)line;
    }
    return frame;
}

/* The functions that were inlined there, innermost first. */
static void inlined_at(uint32_t address, struct place *place)
{
    Dwarf_Addr unit_bias;
    Dwarf_Die *unit = dwfl_module_addrdie(module, address + bias, &unit_bias), *found = NULL, *scopes = NULL;
    int count = unit ? dwarf_getscopes(unit, address + bias - unit_bias, &found) : 0;

    /* Beyond an inlined function those are of its definition; wanted are those of its place. */
    if (count > 0)
        count = dwarf_getscopes_die(&found[0], &scopes);

    for (int i = 0; i < count && place->inlined_count < INLINED; i++) {
        int tag = dwarf_tag(&scopes[i]);
        const char *name = tag == DW_TAG_inlined_subroutine ? dwarf_diename(&scopes[i]) : NULL;

        if (tag == DW_TAG_subprogram)
            break;
        if (name)
            place->inlined[place->inlined_count++] = call_of(unit, &scopes[i], name);
    }
    free(found);
    free(scopes);
}

struct place symbols_place(uint32_t pc)
{
    struct place place = {0};
    const struct symbol *symbol = symbol_of(pc - shift);

    if (symbol)
        place.function = symbol->name;
    if (module) {
        Dwfl_Line *line = dwfl_module_getsrc(module, pc - shift + bias);

        if (line)
            place.file = dwfl_lineinfo(line, NULL, &place.line, NULL, NULL, NULL);
        inlined_at(pc - shift, &place);
    }
    return place;
}

bool symbols_copies(uint32_t pc, bool *entry)
{
    static const char *const names[] = {"memcpy", "memmove", "memset",  "memcmp",  "memchr",  "bcopy",
                                        "bzero",  "strcpy",  "strncpy", "strlen",  "strcmp",  "strcat",
                                        "stpcpy", "mempcpy", "memccpy", "strncmp", "memcpyb", "strchr"};
    static const char *const parts[] = {"memcpy", "memmove", "memset"}; /* also rt_memcpy, memset.part.0, ... */
    const struct symbol *symbol = entries ? symbol_of(pc - shift) : NULL;
    bool found = false;

    if (!symbol)
        return false;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !found; i++)
        found = strcmp(symbol->name, names[i]) == 0;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && !found; i++)
        found = strstr(symbol->name, parts[i]) != NULL;
    found = found || strncmp(symbol->name, "__aeabi_mem", 11) == 0;
    *entry = found && symbol->address == pc - shift;
    return found;
}

bool symbols_address(const char *name, uint32_t *address)
{
    for (size_t i = 0; i < entries; i++)
        if (table[i].function && strcmp(table[i].name, name) == 0) {
            *address = table[i].address + shift;
            return true;
        }
    for (size_t i = 0; i < entries; i++)
        if (strcmp(table[i].name, name) == 0) {
            *address = (table[i].address & ~1u) + shift;
            return true;
        }
    return false;
}
