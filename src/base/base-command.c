#include "config.h"

#include "base-command.h"
