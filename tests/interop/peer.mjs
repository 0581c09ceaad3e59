// Somebody else's library at work, by file: node peer.mjs verify|issue FOLDER [PART]
//
// verify: says of each document in the manifest of FOLDER/PART whether @digitalbazaar/vc finds it good, and counts per
//         cryptosuite where that is not what the manifest says. Exit status 1 where it differs.
// issue:  signs FOLDER/unsigned.json with every cryptosuite into FOLDER/theirs, with a manifest of its own, and derives
//         from our base proofs.
// Nothing is fetched: what is not in FOLDER/documents.json or spelt by a did:key does not exist.

import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import * as vc from '@digitalbazaar/vc';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {checkStatus, createCredential, createList} from '@digitalbazaar/vc-bitstring-status-list';
import {cryptosuite as eddsaRdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {cryptosuite as ecdsaRdfc} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import * as ecdsaSd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';

const SUITES = {
  'eddsa-rdfc-2022': {verify: () => eddsaRdfc, sign: () => eddsaRdfc, curves: [null]},
  'eddsa-jcs-2022': {
    verify: eddsaJcs.createVerifyCryptosuite, sign: eddsaJcs.createSignCryptosuite, curves: [null]},
  'ecdsa-rdfc-2019': {verify: () => ecdsaRdfc, sign: () => ecdsaRdfc, curves: ['P-256', 'P-384']},
  'ecdsa-jcs-2019': {
    verify: ecdsaJcs.createVerifyCryptosuite, sign: ecdsaJcs.createSignCryptosuite, curves: ['P-256', 'P-384']},
  'ecdsa-sd-2023': {
    verify: ecdsaSd.createVerifyCryptosuite,
    sign: () => ecdsaSd.createSignCryptosuite({mandatoryPointers: ['/issuer', '/validFrom', '/credentialStatus']}),
    curves: ['P-256']}
};

const [command, folder, part = '.'] = process.argv.slice(2);
const read = name => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const documents = new Map(Object.entries(read('documents.json')));
const LISTS = join('theirs', 'lists.json');
if(existsSync(join(folder, LISTS))) {
  Object.entries(read(LISTS)).forEach(([url, list]) => documents.set(url, list));
}
for(const document of [...documents.values()]) {
  for(const method of document.verificationMethod ?? []) {
    documents.set(method.id, {'@context': 'https://w3id.org/security/multikey/v1', ...method});
  }
}

function didKey(url) {
  const did = url.split('#')[0];
  const publicKeyMultibase = did.slice('did:key:'.length);
  const id = `${did}#${publicKeyMultibase}`;
  const method = {
    '@context': 'https://w3id.org/security/multikey/v1', id, type: 'Multikey', controller: did, publicKeyMultibase};
  return url.includes('#') ? method :
    {'@context': ['https://www.w3.org/ns/did/v1'], id: did, assertionMethod: [id], verificationMethod: [method]};
}

async function documentLoader(url) {
  const document = url.startsWith('did:key:') ? didKey(url) : documents.get(url);
  return document ? {contextUrl: null, documentUrl: url, document} : vc.defaultDocumentLoader(url);
}

const proofWith = cryptosuite => new DataIntegrityProof({cryptosuite});

async function isGood(credential, suite) {
  const result = await vc.verifyCredential({
    credential, suite: proofWith(SUITES[suite].verify()), documentLoader,
    checkStatus: options => checkStatus({
      ...options, verifyBitstringStatusListCredential: true,
      suite: Object.values(SUITES).map(each => proofWith(each.verify()))
    })
  });
  // The library reads the bit of the status list and leaves its meaning to us: set is withdrawn or paused.
  const set = result.statusResult?.results?.some(({status}) => status) ?? false;
  return {good: result.verified && !set, why: [
    result.error?.message, result.error?.errors?.map(error => error.message), result.statusResult?.error?.message]};
}

async function verify() {
  const counts = new Map();
  for(const {suite, name, file, good} of read(join(part, 'manifest.json'))) {
    if(good === null) {
      continue; // a base proof: for its holder
    }
    const said = await isGood(read(join(part, file)), suite);
    const count = counts.get(suite) ?? {agreed: 0, asked: 0};
    counts.set(suite, count);
    count.asked += 1;
    count.agreed += said.good === good;
    if(said.good !== good) {
      console.error(`  ${name} (${file}): ours ${good}, theirs ${said.good}`, ...said.why.filter(Boolean));
    }
  }
  let wrong = counts.size === 0;
  for(const [suite, {agreed, asked}] of counts) {
    const what = part === '.' ? 'reads ours' : 'reads what we derived from theirs';
    console.log(`@digitalbazaar/vc  ${suite}  ${what}: ${agreed} of ${asked} agree`);
    wrong ||= agreed !== asked;
  }
  process.exit(wrong ? 1 : 0);
}

async function keyFor(curve) {
  const key = await (curve ? EcdsaMultikey.generate({curve}) : Ed25519Multikey.generate());
  const {publicKeyMultibase} = await key.export({publicKey: true});
  const did = `did:key:${publicKeyMultibase}`;
  const signer = key.signer();
  signer.id = `${did}#${publicKeyMultibase}`;
  return {did, signer};
}

async function derive(verifiableCredential) {
  const cryptosuite = ecdsaSd.createDiscloseCryptosuite({selectivePointers: ['/credentialSubject', '/name']});
  return vc.derive({verifiableCredential, suite: proofWith(cryptosuite), documentLoader});
}

const STANDING = 5, WITHDRAWN = 131071;

async function listOf(url, {did, signer}, sign) {
  const list = await createList({length: 131072});
  list.setStatus(WITHDRAWN, true);
  const credential = await createCredential({id: url, list, statusPurpose: 'revocation'});
  return vc.issue({
    credential: {...credential, issuer: did}, documentLoader,
    suite: new DataIntegrityProof({signer, cryptosuite: sign()})});
}

const entryOf = (url, index) => ({
  id: `${url}#${index}`, type: 'BitstringStatusListEntry', statusPurpose: 'revocation',
  statusListIndex: String(index), statusListCredential: url});

async function issue() {
  mkdirSync(join(folder, 'theirs'), {recursive: true});
  const manifest = [];
  const lists = {};
  const write = (suite, name, document, good) => {
    const file = `${String(manifest.length).padStart(4, '0')}.json`;
    writeFileSync(join(folder, 'theirs', file), JSON.stringify(document));
    manifest.push({suite, name, file, good});
  };
  for(const [suite, {sign, curves}] of Object.entries(SUITES)) {
    for(const curve of curves) {
      const {did, signer} = await keyFor(curve);
      const url = `https://lists.example/theirs/${suite}/${curve ?? 'Ed25519'}`;
      // A status list is for everybody, and whole.
      lists[url] = await listOf(url, {did, signer}, suite === 'ecdsa-sd-2023' ? () => ecdsaRdfc : sign);
      const stranger = await keyFor(curve);
      const secure = (credential, by) => vc.issue({
        credential, documentLoader, suite: new DataIntegrityProof({signer: by, cryptosuite: sign()})});
      for(const [number, unsigned] of read('unsigned.json').entries()) {
        const name = `${suite} ${curve ?? 'Ed25519'} ${number}`;
        const own = (index = STANDING) => {
          const credential = {...structuredClone(unsigned), credentialStatus: entryOf(url, index)};
          credential.issuer.id = did;
          return credential;
        };
        const good = await secure(own(), signer);
        const usurped = await secure(own(), stranger.signer);
        const withdrawn = await secure(own(WITHDRAWN), signer);
        if(suite === 'ecdsa-sd-2023') {
          const derived = await derive(good);
          const changed = structuredClone(derived);
          changed.credentialSubject.achievement.name += '.';
          write(suite, `${name} base`, good, null);
          write(suite, `${name} derived`, derived, true);
          write(suite, `${name} derived, changed`, changed, false);
          write(suite, `${name} by a stranger`, await derive(usurped), false);
          write(suite, `${name} withdrawn`, await derive(withdrawn), false);
          continue;
        }
        const changed = structuredClone(good);
        changed.credentialSubject.achievement.name += '.';
        write(suite, name, good, true);
        write(suite, `${name} changed`, changed, false);
        write(suite, `${name} by a stranger`, usurped, false);
        write(suite, `${name} withdrawn`, withdrawn, false);
      }
    }
  }
  for(const {suite, name, file, good} of read('manifest.json')) {
    if(good === null) {
      write(suite, `${name}, derived by them`, await derive(read(file)), true);
    }
  }
  writeFileSync(join(folder, LISTS), JSON.stringify(lists));
  writeFileSync(join(folder, 'theirs', 'manifest.json'), JSON.stringify(manifest));
}

await ({verify, issue})[command]();
