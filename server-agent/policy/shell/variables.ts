import { ask, type Finding } from "../parts.ts";

/** Variables that make programs run others, load code, or look elsewhere for what they use. */
const STEERING =
  /^(LD_.*|DYLD_.*|BASH_.*|BASHOPTS|SHELLOPTS|ENV|IFS|PS[0-4]|PROMPT_COMMAND|SHELL|PATH|HOME|CDPATH|GLOBIGNORE|EXECIGNORE|FUNCNEST|HISTFILE|MAIL.*|GIT_.*|SSH_.*|SUDO_.*|DOCKER_.*|KUBECONFIG|PYTHON.*|PIP_.*|UV_.*|VIRTUALENV_.*|POETRY_.*|NODE_(OPTIONS|PATH|EXTRA_CA_CERTS|TLS_REJECT_UNAUTHORIZED|REPL_.*)|npm_.*|NPM_CONFIG_.*|YARN_.*|PNPM_.*|COREPACK_.*|BUN_.*|DENO_.*|PERL.*|RUBY.*|GEM_.*|BUNDLE_.*|PHP.*|COMPOSER_.*|LUA_.*|JAVA_.*|JDK_.*|_JAVA.*|CLASSPATH|MAVEN_.*|GRADLE_.*|CARGO_.*|RUSTC.*|RUSTFLAGS|RUSTDOC.*|GO(FLAGS|PROXY|NOSUMDB|SUMDB|PRIVATE|INSECURE|ROOT|BIN|TOOLCHAIN|ENV)|CGO_.*|CC|CXX|LD|AR|AS|CPP|CFLAGS|CXXFLAGS|LDFLAGS|COMPILER_PATH|GCC_.*|MAKE|MAKEFLAGS|GNUMAKEFLAGS|MFLAGS|MAKEFILES|CMAKE_.*|CTEST_.*|PAGER|MANPAGER|.*_PAGER|EDITOR|VISUAL|.*_EDITOR|BROWSER|POSIXLY_CORRECT|VERSION_CONTROL|LESS.*|TAR_OPTIONS|UNZIP.*|ZIPOPT|GZIP|RSYNC_.*|TMPDIR|TMP|TEMP|XDG_.*|GCONV_PATH|LOCPATH|NLSPATH|HOSTALIASES|RES_OPTIONS|LOCALDOMAIN|OPENSSL_.*|SSL_.*|CURL_.*|WGETRC|.*_PROXY|.*_proxy|GREP_OPTIONS|RIPGREP_CONFIG_PATH|JQ_.*|PGSERVICE.*|PG(HOST|PASSFILE|SYSCONFDIR|OPTIONS)|SQLITE_.*|TERMINFO.*|TERMCAP|EXINIT|VIMINIT|PLAYWRIGHT_.*|PUPPETEER_.*|TS_NODE_.*|BABEL_.*|ESLINT_.*|PYTEST_.*|RUFF_.*|MYPY_.*)$/;

/** Values with which a steering variable steers nothing. */
const HARMLESS: readonly { readonly name: RegExp; readonly value: RegExp }[] = [
  { name: /(^|_)(PAGER|EDITOR)$|^VISUAL$/, value: /^(cat|true|:|)$/ },
  { name: /^(CC|CXX)$/, value: /^(gcc|g\+\+|cc|c\+\+|clang|clang\+\+)$/ },
  { name: /^C(XX)?FLAGS$/, value: /^( ?-(O[0-3sg]|g|Wall|Wextra|Werror|std=[\w+]+))*$/ },
  { name: /^PYTHON(PATH)$/, value: /^(\.|src|lib|tests)(:(\.|src|lib|tests))*$/ },
  { name: /^PYTHON(UNBUFFERED|DONTWRITEBYTECODE|UTF8|HASHSEED|WARNINGS)$/, value: /^\w*$/ },
  {
    name: /^NODE_OPTIONS$/,
    value: /^( ?--(max-old-space-size=\d+|enable-source-maps|no-warnings|experimental-vm-modules))*$/,
  },
  { name: /^GIT_(AUTHOR|COMMITTER)_(NAME|EMAIL|DATE)$/, value: /^[^\n]*$/ },
  { name: /^GIT_TERMINAL_PROMPT$/, value: /^[01]$/ },
  { name: /^CARGO_(TERM_\w+|INCREMENTAL)$/, value: /^\w*$/ },
  { name: /^CGO_ENABLED$/, value: /^[01]$/ },
  { name: /^RUSTFLAGS$/, value: /^(-D ?warnings)?$/ },
  { name: /^(PIP_(NO_CACHE_DIR|DISABLE_PIP_VERSION_CHECK)|PYTEST_DISABLE_PLUGIN_AUTOLOAD)$/, value: /^\w*$/ },
  { name: /^(HOME|TMPDIR|TMP|TEMP|XDG_\w+)$/, value: /^\/tmp(\/[\w-]+)*$/ },
];

/** Judges a variable that is set, for one program or for all that follow. Null: the value is not known. */
export function judgeVariable(name: string, value: string | null): Finding[] {
  if (!STEERING.test(name)) return [];
  if (value !== null && HARMLESS.some((rule) => rule.name.test(name) && rule.value.test(value))) return [];
  return [ask(`sets ${name}, which decides what programs run or read`)];
}
