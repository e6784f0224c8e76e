// The low-level SHA256_* and EC_KEY calls are marked deprecated in favour of EVP; they stay because
// fetching an EVP digest costs several times a tree node's whole hash.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "CMadangCrypto.h"

#include <limits.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

_Static_assert(sizeof(SHA256_CTX) <= sizeof(madang_sha256_state), "the state must fit");
_Static_assert(_Alignof(SHA256_CTX) <= _Alignof(madang_sha256_state), "the state must align");

/// Leaves no trace of a failure in the thread's error queue, and answers it.
static int settled(int succeeded) {
  if (!succeeded) ERR_clear_error();
  return succeeded;
}

// ---- SHA-256 ----

void madang_sha256(const void *data, size_t length, uint8_t out[MADANG_SHA256_BYTES]) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, data, length);
  SHA256_Final(out, &context);
}

void madang_sha256_prefixed(uint8_t prefix, const void *a, size_t a_length, const void *b,
                            size_t b_length, uint8_t out[MADANG_SHA256_BYTES]) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, &prefix, 1);
  SHA256_Update(&context, a, a_length);
  SHA256_Update(&context, b, b_length);
  SHA256_Final(out, &context);
}

void madang_sha256_start(madang_sha256_state *state) {
  SHA256_Init((SHA256_CTX *)state);
}

void madang_sha256_update(madang_sha256_state *state, const void *data, size_t length) {
  SHA256_Update((SHA256_CTX *)state, data, length);
}

void madang_sha256_finish(madang_sha256_state *state, uint8_t out[MADANG_SHA256_BYTES]) {
  SHA256_Final(out, (SHA256_CTX *)state);
}

// ---- Random bytes ----

int madang_random(uint8_t *out, size_t length) {
  if (length > INT_MAX) return 0;
  return settled(RAND_bytes(out, (int)length) == 1);
}

// ---- Passwords ----

int madang_scrypt(const void *password, size_t password_length, const uint8_t *salt,
                  size_t salt_length, uint8_t log2_n, uint32_t r, uint32_t p, uint8_t *out,
                  size_t length) {
  if (log2_n < 1 || log2_n > MADANG_SCRYPT_LOG2_N_MAX || r < 1 || r > MADANG_SCRYPT_R_MAX ||
      p < 1 || p > MADANG_SCRYPT_P_MAX)
    return 0;
  uint64_t n = (uint64_t)1 << log2_n;
  // What the function needs by RFC 7914: N + p blocks of 128 r bytes and a few more. OpenSSL
  // refuses above 32 MiB unless told.
  uint64_t memory = 128 * (uint64_t)r * (n + p + 4) + 4096;
  return settled(EVP_PBE_scrypt(password, password_length, salt, salt_length, n, r, p, memory, out,
                                length) == 1);
}

int madang_pbkdf2_sha256(const void *password, size_t password_length, const uint8_t *salt,
                         size_t salt_length, uint32_t iterations, uint8_t *out, size_t length) {
  if (iterations < 1 || iterations > MADANG_PBKDF2_ITERATIONS_MAX || password_length > INT_MAX ||
      salt_length > INT_MAX || length > INT_MAX)
    return 0;
  return settled(PKCS5_PBKDF2_HMAC(password, (int)password_length, salt, (int)salt_length,
                                   (int)iterations, EVP_sha256(), (int)length, out) == 1);
}

int madang_equal(const void *a, const void *b, size_t length) {
  return CRYPTO_memcmp(a, b, length) == 0;
}

// ---- Ed25519 ----

int madang_ed25519_generate(uint8_t seed[MADANG_ED25519_SEED_BYTES],
                            uint8_t public_key[MADANG_ED25519_PUBLIC_BYTES]) {
  if (!settled(RAND_priv_bytes(seed, MADANG_ED25519_SEED_BYTES) == 1)) return 0;
  return madang_ed25519_public(seed, public_key);
}

int madang_ed25519_public(const uint8_t seed[MADANG_ED25519_SEED_BYTES],
                          uint8_t public_key[MADANG_ED25519_PUBLIC_BYTES]) {
  size_t length = MADANG_ED25519_PUBLIC_BYTES;
  EVP_PKEY *key =
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, MADANG_ED25519_SEED_BYTES);
  int succeeded = key && EVP_PKEY_get_raw_public_key(key, public_key, &length) == 1;
  EVP_PKEY_free(key);
  return settled(succeeded);
}

int madang_ed25519_sign(const uint8_t seed[MADANG_ED25519_SEED_BYTES], const void *message,
                        size_t length, uint8_t signature[MADANG_SIGNATURE_BYTES]) {
  size_t signature_length = MADANG_SIGNATURE_BYTES;
  EVP_PKEY *key =
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, MADANG_ED25519_SEED_BYTES);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  int succeeded = key && context && EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
                  EVP_DigestSign(context, signature, &signature_length, message, length) == 1 &&
                  signature_length == MADANG_SIGNATURE_BYTES;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  return settled(succeeded);
}

int madang_ed25519_verify(const uint8_t public_key[MADANG_ED25519_PUBLIC_BYTES],
                          const void *message, size_t length,
                          const uint8_t signature[MADANG_SIGNATURE_BYTES]) {
  EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key,
                                              MADANG_ED25519_PUBLIC_BYTES);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  int valid =
      key && context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
      EVP_DigestVerify(context, signature, MADANG_SIGNATURE_BYTES, message, length) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  return settled(valid);
}

// ---- ECDSA over P-256 ----

/// Writes the public point of `key` as 65 bytes.
static int p256_write_public(const EC_KEY *key, uint8_t out[MADANG_P256_PUBLIC_BYTES]) {
  return EC_POINT_point2oct(EC_KEY_get0_group(key), EC_KEY_get0_public_key(key),
                            POINT_CONVERSION_UNCOMPRESSED, out, MADANG_P256_PUBLIC_BYTES,
                            NULL) == MADANG_P256_PUBLIC_BYTES;
}

/// The key of a private scalar, without its public point; NULL unless 0 < scalar < order.
static EC_KEY *p256_private(const uint8_t private_key[MADANG_P256_PRIVATE_BYTES]) {
  EC_KEY *key = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
  BIGNUM *scalar = BN_bin2bn(private_key, MADANG_P256_PRIVATE_BYTES, NULL);
  int usable = key && scalar && !BN_is_zero(scalar) &&
               BN_cmp(scalar, EC_GROUP_get0_order(EC_KEY_get0_group(key))) < 0 &&
               EC_KEY_set_private_key(key, scalar) == 1;
  BN_clear_free(scalar);
  if (usable) return key;
  EC_KEY_free(key);
  return NULL;
}

int madang_p256_generate(uint8_t private_key[MADANG_P256_PRIVATE_BYTES],
                         uint8_t public_key[MADANG_P256_PUBLIC_BYTES]) {
  EC_KEY *key = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
  int succeeded = key && EC_KEY_generate_key(key) == 1 &&
                  BN_bn2binpad(EC_KEY_get0_private_key(key), private_key,
                               MADANG_P256_PRIVATE_BYTES) == MADANG_P256_PRIVATE_BYTES &&
                  p256_write_public(key, public_key);
  EC_KEY_free(key);
  return settled(succeeded);
}

int madang_p256_public(const uint8_t private_key[MADANG_P256_PRIVATE_BYTES],
                       uint8_t public_key[MADANG_P256_PUBLIC_BYTES]) {
  EC_KEY *key = p256_private(private_key);
  const EC_GROUP *group = key ? EC_KEY_get0_group(key) : NULL;
  EC_POINT *point = group ? EC_POINT_new(group) : NULL;
  int succeeded =
      point && EC_POINT_mul(group, point, EC_KEY_get0_private_key(key), NULL, NULL, NULL) == 1 &&
      EC_KEY_set_public_key(key, point) == 1 && p256_write_public(key, public_key);
  EC_POINT_free(point);
  EC_KEY_free(key);
  return settled(succeeded);
}

int madang_p256_sign(const uint8_t private_key[MADANG_P256_PRIVATE_BYTES], const void *message,
                     size_t length, uint8_t signature[MADANG_SIGNATURE_BYTES]) {
  uint8_t digest[MADANG_SHA256_BYTES];
  madang_sha256(message, length, digest);
  EC_KEY *key = p256_private(private_key);
  ECDSA_SIG *pair = key ? ECDSA_do_sign(digest, sizeof digest, key) : NULL;
  int succeeded = pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), signature, 32) == 32 &&
                  BN_bn2binpad(ECDSA_SIG_get0_s(pair), signature + 32, 32) == 32;
  ECDSA_SIG_free(pair);
  EC_KEY_free(key);
  return settled(succeeded);
}

int madang_p256_verify(const uint8_t public_key[MADANG_P256_PUBLIC_BYTES], const void *message,
                       size_t length, const uint8_t signature[MADANG_SIGNATURE_BYTES]) {
  // Only the uncompressed form: one key, one spelling.
  if (public_key[0] != POINT_CONVERSION_UNCOMPRESSED) return 0;
  uint8_t digest[MADANG_SHA256_BYTES];
  madang_sha256(message, length, digest);
  EC_KEY *key = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
  ECDSA_SIG *pair = ECDSA_SIG_new();
  BIGNUM *r = BN_bin2bn(signature, 32, NULL);
  BIGNUM *s = BN_bin2bn(signature + 32, 32, NULL);
  int paired = pair && r && s && ECDSA_SIG_set0(pair, r, s) == 1;
  if (!paired) {  // Otherwise the pair owns them.
    BN_free(r);
    BN_free(s);
  }
  // oct2key checks that the point lies on the curve.
  int valid = key && paired &&
              EC_KEY_oct2key(key, public_key, MADANG_P256_PUBLIC_BYTES, NULL) == 1 &&
              ECDSA_do_verify(digest, sizeof digest, pair, key) == 1;
  ECDSA_SIG_free(pair);
  EC_KEY_free(key);
  return settled(valid);
}

// ---- RSASSA-PKCS1-v1_5 ----

/// The key of a modulus and an exponent, or NULL where nobody should trust it.
static EVP_PKEY *rsa_public(const uint8_t *modulus, size_t modulus_length,
                            const uint8_t *exponent, size_t exponent_length) {
  if (modulus_length > MADANG_RSA_MODULUS_BYTES_MAX || exponent_length > 4) return NULL;
  BIGNUM *n = BN_bin2bn(modulus, (int)modulus_length, NULL);
  BIGNUM *e = BN_bin2bn(exponent, (int)exponent_length, NULL);
  RSA *rsa = RSA_new();
  EVP_PKEY *key = EVP_PKEY_new();
  int usable = n && e && rsa && key && BN_num_bits(n) >= MADANG_RSA_BITS_MIN && BN_is_odd(n) &&
               BN_is_odd(e) && !BN_is_one(e) && RSA_set0_key(rsa, n, e, NULL) == 1;
  if (!usable) {  // Otherwise the key owns them.
    BN_free(n);
    BN_free(e);
  }
  if (usable && EVP_PKEY_assign_RSA(key, rsa) == 1) return key;
  RSA_free(rsa);
  EVP_PKEY_free(key);
  return NULL;
}

int madang_rsa_sha256_verify(const uint8_t *modulus, size_t modulus_length,
                             const uint8_t *exponent, size_t exponent_length,
                             const void *message, size_t length, const uint8_t *signature,
                             size_t signature_length) {
  EVP_PKEY *key = rsa_public(modulus, modulus_length, exponent, exponent_length);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  int valid = key && context &&
              EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
              EVP_DigestVerify(context, signature, signature_length, message, length) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  return settled(valid);
}
