import { type Directive, parseNginx } from "./nginx-text.ts";

/**
 * What a site may say. nginx's master reads its configuration as root: it opens logs and caches, reads keys and includes
 * wherever they are, and prints a line of what it cannot read. So a directive that is not named here is refused, and so
 * is a path outside of where such things belong.
 */
const ANYTHING = words(`
  absolute_redirect add_header allow auth_basic autoindex autoindex_exact_size break charset
  chunked_transfer_encoding client_body_buffer_size client_body_timeout client_header_buffer_size
  client_header_timeout client_max_body_size default_type deny error_page etag expires fastcgi_buffering
  fastcgi_buffers fastcgi_buffer_size fastcgi_connect_timeout fastcgi_hide_header fastcgi_index
  fastcgi_intercept_errors fastcgi_param fastcgi_read_timeout fastcgi_send_timeout fastcgi_split_path_info gzip
  gzip_comp_level gzip_http_version gzip_min_length gzip_proxied gzip_static gzip_types gzip_vary hash http2
  ignore_invalid_headers index internal ip_hash keepalive keepalive_requests keepalive_timeout
  large_client_header_buffers least_conn limit_conn limit_conn_status limit_conn_zone limit_rate limit_rate_after
  limit_req limit_req_status limit_req_zone log_not_found map_hash_bucket_size map_hash_max_size merge_slashes
  port_in_redirect proxy_buffering proxy_buffers proxy_buffer_size proxy_busy_buffers_size proxy_connect_timeout
  proxy_cookie_domain proxy_cookie_flags proxy_cookie_path proxy_hide_header proxy_http_version
  proxy_intercept_errors proxy_method proxy_next_upstream proxy_next_upstream_tries proxy_pass_header
  proxy_read_timeout proxy_redirect proxy_request_buffering proxy_send_timeout proxy_set_header proxy_ssl_name
  proxy_ssl_protocols proxy_ssl_server_name proxy_ssl_verify proxy_ssl_verify_depth real_ip_header
  real_ip_recursive resolver resolver_timeout return rewrite satisfy sendfile send_timeout server_name
  server_name_in_redirect server_tokens set set_real_ip_from ssl_buffer_size ssl_ciphers ssl_ecdh_curve
  ssl_prefer_server_ciphers ssl_protocols ssl_session_cache ssl_session_tickets ssl_session_timeout ssl_stapling
  ssl_stapling_verify tcp_nodelay tcp_nopush try_files types_hash_bucket_size types_hash_max_size
  underscores_in_headers zone`);

const BLOCKS = words("server location upstream if limit_except map types");
/** Their statements are data, not directives, but for one. */
const TABLES = words("map types");

const CERTIFICATE = /^\/etc\/(?:letsencrypt\/live|ssl)\/[A-Za-z0-9_./-]+$/;
const FOLDER = /^\/(?:var\/www|workspace|usr\/share\/nginx\/html)(?:\/[A-Za-z0-9_./-]*)?$/;
const LOG = /^\/var\/log\/nginx\/[A-Za-z0-9_-][A-Za-z0-9_.-]*\.log$/;

/** The first word of a directive that names a file, an address or another program. */
const PLACES: Readonly<Record<string, RegExp>> = {
  access_log: new RegExp(`^off$|${LOG.source}`),
  error_log: LOG,
  root: FOLDER,
  alias: FOLDER,
  include: /^(?:snippets\/[A-Za-z0-9_-][A-Za-z0-9_.-]*\.conf|fastcgi_params|fastcgi\.conf|proxy_params|mime\.types)$/,
  auth_basic_user_file: /^\/etc\/nginx\/[A-Za-z0-9_-][A-Za-z0-9_.-]*$/,
  ssl_certificate: CERTIFICATE,
  ssl_certificate_key: CERTIFICATE,
  ssl_trusted_certificate: CERTIFICATE,
  proxy_ssl_trusted_certificate: CERTIFICATE,
  ssl_dhparam: CERTIFICATE,
  listen: /^[0-9.[\]:*a-fA-F]+$|^localhost:[0-9]+$/,
  proxy_pass: /^https?:\/\/(?!unix:)/,
  fastcgi_pass: /^unix:\/run\/php\/[A-Za-z0-9_.-]+\.sock$|^[A-Za-z0-9_.-]+(?::[0-9]+)?$/,
  server: /^(?!unix:)[A-Za-z0-9_.[\]:-]+$/,
};

const MAX_DEPTH = 8;

/** What in a site's text is refused, in words for people; null when nothing is. */
export function findForbidden(text: string): string | null {
  if (!/^[\t\n\r -~]*$/.test(text)) return "it holds signs that are not plain ASCII";
  const statements = parseNginx(text);
  if (statements === null) return "its quotes, braces or semicolons do not match";
  return firstIn(statements, 0);
}

function firstIn(statements: readonly Directive[], depth: number): string | null {
  if (depth > MAX_DEPTH) return "it is nested too deeply";
  for (const statement of statements) {
    const found = judge(statement, depth);
    if (found !== null) return found;
  }
  return null;
}

function judge({ name, words, block }: Directive, depth: number): string | null {
  if (words.some((word) => word.split("/").includes(".."))) return `${name} names a folder above with ..`;
  if (block !== null) {
    if (!BLOCKS.has(name)) return `the block ${name} is not allowed`;
    return TABLES.has(name) ? judgeTable(name, block) : firstIn(block, depth + 1);
  }
  const place = Object.hasOwn(PLACES, name) ? PLACES[name] : undefined;
  if (place) return place.test(words[0] ?? "") ? null : `${name} ${words[0] ?? ""} is not allowed`;
  return ANYTHING.has(name) ? null : `the directive ${name} is not allowed`;
}

function judgeTable(table: string, entries: readonly Directive[]): string | null {
  const isStrange = entries.some(({ name, block }) => name === "include" || block !== null);
  return isStrange ? `${table} may not include files or hold blocks` : null;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
