#include "config.h"

#include "base-install.h"
