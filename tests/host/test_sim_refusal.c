/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A QEMU that is too old refuses the simulator in words that name the version needed. This program stands for that QEMU: it loads
 * the plugin as QEMU does, and has the interface of 9.1, 9.0 and 7.2, or another machine than is modelled.
 *
 * What would break it: a plugin that goes on, or one that an older QEMU cannot even load, for a function that it lacks.
 */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/plugin/qemu_plugin_api.h"

typedef int install_function(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv);

/* What the plugin says on standard error when it is asked to install itself; its answer in *status. */
static void installed(install_function *install, int interface, const char *target, int *status, char *said,
                      size_t size)
{
    const qemu_info_t info = {.target_name = target,
                              .version = {.min = 0, .cur = interface},
                              .system_emulation = true,
                              .system = {.smp_vcpus = 1, .max_vcpus = 1}};
    int before = dup(STDERR_FILENO);
    FILE *file = tmpfile();
    size_t length;

    assert_non_null(file);
    fflush(stderr);
    assert_int_not_equal(dup2(fileno(file), STDERR_FILENO), -1);
    *status = install(1, &info, 0, NULL);
    fflush(stderr);
    assert_int_not_equal(dup2(before, STDERR_FILENO), -1);
    close(before);
    rewind(file);
    length = fread(said, 1, size - 1, file);
    said[length] = '\0';
    fclose(file);
}

static void test_old_interfaces_are_refused(void **state)
{
    const char *path = getenv("BATON_SIM");
    char absolute[4096], said[512], *slash;
    int status;

    (void)state;
    if (!path || !*path)
        skip();
    slash = realpath(path, absolute);
    assert_non_null(slash);
    void *plugin = dlopen(absolute, RTLD_LAZY | RTLD_LOCAL);
    if (!plugin)
        fail_msg("%s", dlerror());
    install_function *install;
    *(void **)&install = dlsym(plugin, "qemu_plugin_install");
    const int *version = dlsym(plugin, "qemu_plugin_version");
    assert_non_null(install);
    /* The oldest that can load it: 7.2's, since this program has none of the later functions. */
    assert_non_null(version);
    assert_int_equal(*version, 1);

    for (int interface = 1; interface <= 3; interface++) {
        installed(install, interface, "arm", &status, said, sizeof(said));
        assert_int_not_equal(status, 0);
        assert_non_null(strstr(said, "QEMU 9.2 or newer is needed"));
        assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1); /* one line */
    }
    installed(install, 4, "aarch64", &status, said, sizeof(said));
    assert_int_not_equal(status, 0);
    assert_non_null(strstr(said, "only qemu-system-arm"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_old_interfaces_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
