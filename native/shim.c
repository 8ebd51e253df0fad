#include "shim.h"

int gannet_shim_version(void)
{
    return GANNET_SHIM_VERSION;
}

static void do_nothing(int signal)
{
    (void)signal;
}

void (*gannet_idle_handler(void))(int)
{
    return do_nothing;
}
