#include "config.h"

#include "base-redactor.h"
