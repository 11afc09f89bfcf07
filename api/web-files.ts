import { fileURLToPath } from 'node:url';
import express, { Router, type RequestHandler, type Response } from 'express';

/** What `npm run build` made of web/: beside this file's folder when it was compiled, in dist/ when it was not. */
export const builtWebFolder = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/web' : '../web', import.meta.url),
);

/** The scripts that pages load by name. */
export const scripts = [
  'carillon.js',
  'carillon-toasts.js',
  'carillon-preferences.js',
  'carillon-all.js',
] as const;

/**
 * The elements, for pages of any origin: there is nothing of anybody in them. A script is asked for again each time and
 * answered with 304 unless it changed; what it loads has its contents' hash in its name and is kept.
 *
 * @param folder where they are
 */
export function webFiles(folder = builtWebFolder): Router {
  const router = Router({ caseSensitive: true });
  const named = filesIn(folder, 'no-cache');
  for (const script of scripts) router.get(`/${script}`, named);
  router.use('/web', filesIn(`${folder}/web`, 'public, max-age=31536000, immutable'));
  return router;
}

/** A folder’s files; scripts compressed, where that is taken: the build has put it beside each. */
export function filesIn(folder: string, cacheControl: string): RequestHandler[] {
  const options = { index: false, redirect: false };
  const setHeaders = (response: Response) => {
    response.vary('Accept-Encoding').set({
      'Cache-Control': cacheControl,
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
  };
  const plain = express.static(folder, { ...options, setHeaders });
  const compressed = express.static(folder, {
    ...options,
    setHeaders: (response) => {
      setHeaders(response);
      response.type('js').set('Content-Encoding', 'gzip');
    },
  });
  return [
    (request, response, next) => {
      const { url } = request;
      if (!request.path.endsWith('.js') || !request.acceptsEncodings('gzip')) return next();
      request.url = `${request.path}.gz`;
      compressed(request, response, (error) => {
        request.url = url;
        next(error);
      });
    },
    plain,
  ];
}
