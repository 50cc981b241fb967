#include "config.h"

#include "base-json-path.h"
