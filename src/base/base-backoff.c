#include "config.h"

#include "base-backoff.h"
