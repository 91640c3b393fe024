# What `cmake --install` lays down; completed with the package files.
