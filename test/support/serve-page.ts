import { randomBytes } from 'node:crypto';
import type { BrowserContext } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { startFileServer } from './file-server.js';

/** A host page that a test made. */
export interface ServedPage {
  url: string;
  /** What the tenant has to list where it is not the API's own. */
  origin: string;
  /** Pathname to content; only of a page on the API's own origin, which the browser is given without a server. */
  files: Record<string, PageFile>;
}

interface PageFile {
  type: string;
  text: string;
  headers: Record<string, string>;
}

/** What the page consists of. */
export interface PageContent {
  /** Where Carillon's API is. Scripts, sockets and calls may go there and to the page's own origin, nowhere else. */
  api: string;
  /** HTML of the body. */
  body: string;
  /** An ES module of the page, served as a file of its own. */
  script?: string;
  /** A style sheet of the page, served as a file of its own. */
  style?: string;
  /** Of the `html` element. Default `en`. */
  lang?: string;
  /** Of the `html` element. Default `ltr`. */
  dir?: 'ltr' | 'rtl';
  /** Put before the rest of `script-src` and `style-src`. Default none. */
  csp?: { scriptSrc?: string; styleSrc?: string };
  /** Whether the page lives on the API's own origin. Default false. */
  onApiOrigin?: boolean;
}

/**
 * A small host page with a Content-Security-Policy that allows no inline script and no inline style, for the running test.
 * On an origin of its own, which the tenant lists (`origin`), or on the API's: then `open` it as it is.
 */
export async function servePage(content: PageContent): Promise<ServedPage> {
  if (content.onApiOrigin) {
    const folder = `/host-page-${randomBytes(4).toString('hex')}`;
    const { origin } = new URL(content.api);
    return { url: `${origin}${folder}/`, origin, files: files(content, folder) };
  }
  const served = files(content, '');
  const server = await startFileServer((request, response) => {
    const file = served[new URL(request.url ?? '/', 'http://page').pathname];
    if (!file) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': file.type, ...file.headers }).end(file.text);
  });
  onTestFinished(() => server.close());
  return { url: `${server.url}/`, origin: server.url, files: {} };
}

/** Has the browser find the files of a page that lives on the API's own origin. */
export async function mountPage(context: BrowserContext, page: ServedPage): Promise<void> {
  for (const [path, file] of Object.entries(page.files)) {
    await context.route(`${page.origin}${path}`, (route) =>
      route.fulfill({ contentType: file.type, headers: file.headers, body: file.text }),
    );
  }
}

function files(content: PageContent, folder: string): Record<string, PageFile> {
  const { script, style } = content;
  const headers = { 'Content-Security-Policy': policy(content) };
  return {
    [`${folder}/`]: { type: 'text/html; charset=utf-8', text: html(content, folder), headers },
    ...(script === undefined
      ? {}
      : { [`${folder}/page.js`]: { type: 'text/javascript; charset=utf-8', text: script, headers: {} } }),
    ...(style === undefined
      ? {}
      : { [`${folder}/page.css`]: { type: 'text/css; charset=utf-8', text: style, headers: {} } }),
  };
}

function policy({ api, csp }: PageContent): string {
  const origin = new URL(api).origin;
  const socket = origin.replace(/^http/, 'ws');
  return [
    "default-src 'none'",
    `script-src ${[csp?.scriptSrc, "'self'", origin].filter(Boolean).join(' ')}`,
    `style-src ${[csp?.styleSrc, "'self'"].filter(Boolean).join(' ')}`,
    `connect-src 'self' ${origin} ${socket}`,
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function html({ body, script, style, lang = 'en', dir = 'ltr', api }: PageContent, folder: string): string {
  return `<!doctype html>
<html lang="${lang}" dir="${dir}">
  <head>
    <meta charset="utf-8">
    <title>Host page</title>
    <link rel="icon" href="data:,">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    ${style === undefined ? '' : `<link rel="stylesheet" href="${folder}/page.css">`}
    ${script === undefined ? '' : `<script type="module" src="${folder}/page.js"></script>`}
  </head>
  <body data-api="${api}">
    ${body}
  </body>
</html>`;
}
