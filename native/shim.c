#include "shim.h"

int gannet_shim_version(void)
{
    return GANNET_SHIM_VERSION;
}
