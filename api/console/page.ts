import { Router } from 'express';
import { pagePolicy } from '../page-policy.js';
import { builtWebFolder, filesIn } from '../web-files.js';

/** The page's files, by name; what they load beside that has its contents' hash in its name. */
const files = ['console.js', 'console.css', 'icon.svg'] as const;

/** The page itself, under every path below it: which of its views is meant, it reads from the address. */
export function consolePage(folder = `${builtWebFolder}/console`): Router {
  const router = Router({ caseSensitive: true });
  router.use((_request, response, next) => {
    response.set({
      'Cache-Control': 'no-cache',
      'Content-Security-Policy': pagePolicy(),
      'Referrer-Policy': 'no-referrer',
    });
    next();
  });
  const named = filesIn(folder, 'no-cache');
  for (const file of files) router.get(`/${file}`, named);
  router.use('/parts', filesIn(`${folder}/parts`, 'public, max-age=31536000, immutable'));
  router.get('/{*view}', (request, response, next) => {
    if (/^\/parts(\/|$)/.test(request.path)) return next();
    response.sendFile('index.html', { root: folder, cacheControl: false });
  });
  return router;
}
