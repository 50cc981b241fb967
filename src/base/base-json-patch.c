#include "config.h"

#include "base-json-patch.h"
