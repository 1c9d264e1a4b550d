// A shared object, but not a kernel library.
__attribute__((visibility("default"))) int unrelated(void);

int unrelated(void) { return 1; }
