/** Who may import whom: ARCHITECTURE.md draws it, this file holds it. */
const only = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: to },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A circle has no layers.',
      severity: 'error',
      from: { pathNot: 'generated' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('domain-is-innermost', 'The domain knows nobody.', '^src/domain/', '^src/domain/'),
    only('config-knows-domain', 'Configuration makes a Policy.', '^src/config/', '^src/(config|domain)/'),
    only('desk-knows-domain', 'The desk knows the domain and its own ports.', '^src/desk/', '^src/(desk|domain)/'),
    only(
      'conversations-know-desk',
      'Chat on no particular platform.',
      '^src/conversations/',
      '^src/(conversations|desk|domain)/|^src/scheduler/ports|^src/watch/symptoms',
    ),
    only('scheduler-knows-desk', 'The loops know no chat.', '^src/scheduler/', '^src/(scheduler|desk|domain)/'),
    only(
      'watch-knows-what-it-looks-at',
      'The self-watch knows no chat: what it finds is meaning.',
      '^src/watch/',
      '^src/(watch|desk|domain)/|^src/scheduler/(ports|loop)|^src/storage/queries',
    ),
    only(
      'adapters-know-conversations',
      'An adapter knows the port it implements, and the glossary.',
      '^src/adapters/[^/]+/',
      '^src/adapters/|^src/conversations/(platform|card)|^src/domain/words|^src/log',
    ),
    {
      name: 'adapters-do-not-know-each-other',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/', pathNot: '^src/adapters/($1/|raw|cache|http|network|webhook)' },
    },
    only(
      'storage-knows-ports',
      'Storage knows every layer’s ports, and the domain.',
      '^src/storage/',
      '^src/storage/|^src/(desk|scheduler|conversations)/ports|^src/domain/',
    ),
    only(
      'web-knows-desk',
      'Pages read, commands go through the desk.',
      '^src/web/',
      '^src/(web|desk|domain)/|^src/storage/queries|^src/scheduler/ports|^src/conversations/platform|^src/log',
    ),
    {
      name: 'nobody-knows-main',
      severity: 'error',
      from: { pathNot: '^src/(main|cli/)|^tests/|^bench/' },
      to: { path: '^src/main' },
    },
    {
      name: 'prisma-only-in-storage',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/storage/' },
      to: { path: 'node_modules/(@prisma|prisma|libsql)' },
    },
    {
      name: 'slack-sdk-only-in-its-adapter',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/adapters/slack/' },
      to: { path: 'node_modules/@slack/' },
    },
    {
      name: 'feishu-sdk-only-in-its-adapter',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/adapters/feishu/' },
      to: { path: 'node_modules/@larksuiteoapi/' },
    },
    {
      name: 'domain-imports-no-package-but-temporal',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { dependencyTypes: ['npm', 'core'], pathNot: 'temporal-polyfill' },
    },
    {
      name: 'src-does-not-import-dev-dependencies',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    { name: 'not-to-tests', severity: 'error', from: { path: '^src/' }, to: { path: '^(tests|bench)/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'src/storage/generated' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
