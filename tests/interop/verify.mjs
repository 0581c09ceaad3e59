// Verifies every badge of an exported folder with somebody else's library: node verify.mjs FOLDER CONTEXTS.json
// Exit status 1 where its verdict differs from the manifest's.

import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';

const [folder, contextsFile] = process.argv.slice(2);
const read = path => JSON.parse(readFileSync(path, 'utf8'));
const documents = new Map(Object.entries(read(contextsFile)));
for(const kind of ['did', 'status']) {
  for(const name of readdirSync(join(folder, kind))) {
    const document = read(join(folder, kind, name));
    documents.set(document.id, document);
    for(const method of document.verificationMethod ?? []) {
      documents.set(method.id, {'@context': 'https://w3id.org/security/multikey/v1', ...method});
    }
  }
}

// Nothing is fetched: what is not in the export or in the pinned contexts does not exist.
async function documentLoader(url) {
  if(documents.has(url)) {
    return {contextUrl: null, documentUrl: url, document: documents.get(url)};
  }
  return vc.defaultDocumentLoader(url);
}

const suite = new DataIntegrityProof({cryptosuite});
let wrong = 0;
let credentials = 0;
for(const entry of read(join(folder, 'manifest.json'))) {
  const credential = read(join(folder, entry.json));
  const expected = entry.status === 'valid';
  const result = await vc.verifyCredential({
    credential, suite, documentLoader,
    checkStatus: options => checkStatus({
      ...options, suite: new DataIntegrityProof({cryptosuite}), verifyBitstringStatusListCredential: true
    })
  });
  // The library reads the bit of the status list and leaves its meaning to us: set is withdrawn or paused.
  const set = result.statusResult?.results?.some(({status}) => status) ?? false;
  credentials += 1;
  if((result.verified && !set) !== expected) {
    wrong += 1;
    console.error(`${entry.name}: expected ${entry.status}, got verified=${result.verified} status bit=${set}`,
      result.error?.errors?.map(error => error.message) ?? result.error?.message,
      result.statusResult?.error?.message ?? '');
  }
}
console.log(`@digitalbazaar/vc agrees on ${credentials - wrong} of ${credentials} credentials`);
process.exit(wrong === 0 && credentials > 0 ? 0 : 1);
