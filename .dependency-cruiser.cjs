// Who may import whom: the rules of docs/architecture.md, checked by `npm run lint`.
const own =
  '^(activities|api|bench|channels|cli|commands|contracts|embedded|events|models|policy|runtime|scripts|templates|web|worker|workflows)/';

/** A folder may import itself, these folders or files, and these packages; Node's own modules are always allowed. */
const only = (folder, { folders = [], packages = [] }) => [
  {
    name: `${folder}-folders`,
    comment: `${folder}/ may import of the project only ${[folder, ...folders].join(', ')}`,
    severity: 'error',
    from: { path: `^${folder}/` },
    to: { path: own, pathNot: `^(${[`${folder}/`, ...folders].join('|')})` },
  },
  {
    name: `${folder}-packages`,
    comment: `${folder}/ may import of packages only ${packages.join(', ') || 'none'}`,
    severity: 'error',
    from: { path: `^${folder}/` },
    to: {
      dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
      pathNot: packages.length > 0 ? `node_modules/(${packages.join('|')})(/|$)` : '^$',
    },
  },
];

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency-at-run-time',
      severity: 'error',
      from: { path: own, pathNot: '^bench/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    ...only('contracts', { packages: ['zod'] }),
    ...only('policy', { folders: ['contracts/'], packages: ['luxon', '@types/luxon'] }),
    ...only('workflows', { folders: ['contracts/'], packages: ['@temporalio/(workflow|common)'] }),
    ...only('channels', {
      folders: ['contracts/'],
      packages: [
        'zod',
        'lru-cache',
        'nodemailer',
        '@types/nodemailer',
        '@aws-sdk/client-sesv2',
        'twilio',
        'firebase-admin',
        'web-push',
        '@types/web-push',
        '@slack/web-api',
        'standardwebhooks',
      ],
    }),
    ...only('templates', {
      folders: ['contracts/'],
      packages: [
        'mjml',
        '@types/mjml',
        'liquidjs',
        'luxon',
        '@types/luxon',
        'html-to-text',
        '@types/html-to-text',
        'lru-cache',
        'ajv',
      ],
    }),
    // models/ seals addresses, so it needs the cipher beside its database.
    ...only('models', {
      folders: ['contracts/', 'runtime/key-ring'],
      packages: ['mongoose', 'zod', 'ulid', 'lru-cache'],
    }),
    ...only('activities', {
      folders: [
        'contracts/',
        'policy/',
        'channels/',
        'templates/',
        'models/',
        'runtime/(logger|metrics/metrics|tracing/spans)',
        'workflows/(activity-types|retry-policies)',
        'events/outbound/',
      ],
      packages: ['@temporalio/(activity|common)', 'luxon', '@types/luxon', 'lru-cache'],
    }),
    // What an application asks for, whichever way it asks.
    ...only('commands', {
      folders: [
        'contracts/',
        'policy/',
        'templates/',
        'models/',
        'runtime/',
        'workflows/(messages|notification|broadcast)',
      ],
      packages: ['@temporalio/(client|common)', 'libphonenumber-js', 'ulid', 'zod'],
    }),
    ...only('api', {
      folders: [
        'contracts/',
        'commands/',
        'policy/',
        'templates/',
        'models/',
        'runtime/',
        'workflows/(messages|notification|broadcast|retry-policies)',
        'events/',
        // What a provider's credentials look like, and whether they work.
        'channels/(channel|credential-fields|registry|built-in|deployment-channels|(deployment|tenant)-providers)',
      ],
      packages: [
        '@temporalio/(client|common)',
        '@grpc/grpc-js',
        'csv-parse',
        'express',
        '@types/express',
        'helmet',
        'jose',
        'libphonenumber-js',
        'luxon',
        '@types/luxon',
        'mongoose',
        'rate-limiter-flexible',
        'socket\\.io',
        'swagger-ui-dist',
        'ulid',
        'zod',
        'lru-cache',
      ],
    }),
    ...only('events', {
      folders: [
        'contracts/',
        'models/',
        'templates/',
        'runtime/',
        'commands/',
        'workflows/retry-policies',
        'channels/(echoed|http-failure|redaction|email/smtp-reasons|twilio/reasons)',
      ],
      packages: [
        'kafkajs',
        'mailparser',
        '@types/mailparser',
        'mongoose',
        'standardwebhooks',
        'ulid',
        'zod',
        'lru-cache',
      ],
    }),
    // Works against the API, or as a process of the deployment.
    ...only('cli', {
      folders: [
        'commands/',
        'contracts/',
        'models/',
        'runtime/',
        'templates/type-registry',
        // Where the Carillon of this folder answers, and its keys.
        'embedded/(keys|read-endpoints|settings)',
        // What is looked at: providers and Kafka.
        'channels/(channel|registry|built-in|deployment-providers)',
        'events/kafka/connection',
      ],
      packages: [
        '@temporalio/(client|proto)',
        'cli-progress',
        '@types/cli-progress',
        'commander',
        'mongoose',
        'zod',
      ],
    }),
    ...only('worker', {
      folders: [
        'activities/',
        'channels/',
        'contracts/',
        'events/',
        'models/',
        'policy/',
        'runtime/',
        'templates/',
      ],
      packages: ['@temporalio/(worker|client|activity|common|interceptors-opentelemetry)'],
    }),
    ...only('runtime', {
      folders: ['contracts/'],
      packages: [
        '@temporalio/(client|common|proto|interceptors-opentelemetry)',
        '@opentelemetry/(api|resources|exporter-trace-otlp-http|sdk-trace-(base|node))',
        '@grpc/grpc-js',
        'mongoose',
        'pino',
        'pino-roll',
        'prom-client',
        'zod',
        'undici',
        'ipaddr\\.js',
      ],
    }),
    ...only('web', {
      // Names, of which the console's filters offer all.
      folders: ['contracts/(errors|redelivery|statuses)'],
      packages: [
        'lit',
        '@lit-labs/virtualizer',
        '@lit/reactive-element',
        'lit-html',
        'socket.io-client',
        'uplot',
        'vite',
        // Its types only.
        '(@types/)?react',
      ],
    }),
    {
      name: 'web-client-without-elements',
      comment:
        'web/client/ is for pages without elements too: it may import only itself and socket.io-client',
      severity: 'error',
      from: { path: '^web/client/' },
      to: { pathNot: '^web/client/|node_modules/socket\\.io-client/' },
    },
    {
      name: 'console-pages-without-shell',
      comment: 'no page of the console, and nothing that pages are made of, knows what is around it',
      severity: 'error',
      from: { path: '^web/console/(parts|calls|pages)/' },
      to: { path: '^web/console/shell/' },
    },
    {
      name: 'console-parts-without-pages',
      comment: 'what the console’s pages are made of knows none of them',
      severity: 'error',
      from: { path: '^web/console/(parts|calls)/' },
      to: { path: '^web/console/pages/' },
    },
    ...only('embedded', {
      folders: ['contracts/', 'runtime/'],
      packages: [
        '@temporalio/testing',
        'mongodb-memory-server-core',
        'mongoose',
        'mongodb',
        'maildev',
        'zod',
      ],
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json', '.d.ts'],
    },
  },
};
