# Sourced by mvnw, cadenza and .ci/run: looks for JDKs by their files, without starting one.

# Where a JDK may be, best first, one directory a line.
jdk_homes() {
    [ -z "${JAVA_HOME:-}" ] || printf '%s\n' "$JAVA_HOME"
    java=$(command -v java 2>/dev/null) && java=$(readlink -f "$java" 2>/dev/null) && printf '%s\n' "${java%/bin/java}"
    for home in /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        [ ! -x "$home/bin/javac" ] || printf '%s\n' "$home"
    done
}

# Print the feature version (8, 17, 25 …) of the JDK in a directory, or nothing where there is none.
jdk_version() {
    if [ -x "$1/bin/javac" ] && [ -f "$1/release" ]; then
        sed -n 's/^JAVA_VERSION="\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' "$1/release"
    fi
}

# Set and export JAVA_HOME to the first JDK of version 17 or newer, or end with one line that says what is missing.
find_jdk() {
    homes=$(jdk_homes) older=
    while IFS= read -r home; do
        version=$(jdk_version "$home")
        if [ "${version:-0}" -ge 17 ]; then
            JAVA_HOME=$home
            export JAVA_HOME
            return
        fi
        [ -z "$version" ] || older=" (found: JDK $version in $home)"
    done <<END
$homes
END
    echo "$(basename "$0"): no JDK 17 or newer found$older; install one, or set JAVA_HOME to it" >&2
    exit 1
}
