#include "services/verifier/ed25519_point.h"

#include <openssl/bn.h>

#include <algorithm>
#include <array>
#include <memory>

namespace verifier {
namespace {

struct Free {
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
using Number = std::unique_ptr<BIGNUM, Free>;

// Arithmetic modulo 2^255 - 19. Where memory runs out all later results are invalid, and IsGood() says so.
class Field {
 public:
  Field() : context_(BN_CTX_new()), prime_(Hex("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed")) {}

  bool IsGood() const { return is_good_; }
  const BIGNUM* prime() const { return prime_.get(); }

  Number Hex(const char* digits) {
    BIGNUM* number = nullptr;
    Note(BN_hex2bn(&number, digits) > 0);
    return Number(number);
  }
  Number Times(const Number& a, const Number& b) {
    Number product(BN_new());
    Note(product && a && b && BN_mod_mul(product.get(), a.get(), b.get(), prime_.get(), context_.get()) == 1);
    return product;
  }
  Number Plus(const Number& a, const Number& b) {
    Number sum(BN_new());
    Note(sum && a && b && BN_mod_add(sum.get(), a.get(), b.get(), prime_.get(), context_.get()) == 1);
    return sum;
  }
  Number Minus(const Number& a, const Number& b) {
    Number difference(BN_new());
    Note(difference && a && b && BN_mod_sub(difference.get(), a.get(), b.get(), prime_.get(), context_.get()) == 1);
    return difference;
  }
  bool IsSquare(const Number& a) {
    const int symbol = is_good_ ? BN_kronecker(a.get(), prime_.get(), context_.get()) : -2;
    Note(symbol >= -1);
    return symbol >= 0;
  }

 private:
  void Note(bool is_good) { is_good_ = is_good_ && is_good; }

  bool is_good_ = true;
  std::unique_ptr<BN_CTX, Free> context_;
  Number prime_;
};

}  // namespace

bool IsEd25519KeyPoint(std::string_view bytes) {
  if (bytes.size() != 32) return false;
  // Little-endian; the highest bit is the sign of x.
  std::array<unsigned char, 32> big_endian;
  std::reverse_copy(bytes.begin(), bytes.end(), big_endian.begin());
  big_endian[0] &= 0x7f;
  Field field;
  const Number y(BN_bin2bn(big_endian.data(), static_cast<int>(big_endian.size()), nullptr));
  if (!field.IsGood() || !y || BN_cmp(y.get(), field.prime()) >= 0) return false;

  // The curve is -x^2 + y^2 = 1 + d x^2 y^2, so x^2 = (y^2 - 1) / (d y^2 + 1).
  const Number one = field.Hex("1");
  const Number d = field.Hex("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3");
  const Number y2 = field.Times(y, y);
  const Number numerator = field.Minus(y2, one);
  const Number d_y2 = field.Times(d, y2);
  const Number denominator = field.Plus(d_y2, one);
  if (!field.IsSquare(field.Times(numerator, denominator)) || !field.IsGood()) return false;

  // y is 1 or -1 where the order is 1 or 2, and 0 where it is 4. Doubling makes y zero where d y^4 + 2 y^2 - 1 is.
  const Number doubled = field.Minus(field.Plus(field.Times(d_y2, y2), field.Plus(y2, y2)), one);
  const bool is_small = BN_is_zero(numerator.get()) || BN_is_zero(y2.get()) || (doubled && BN_is_zero(doubled.get()));
  return field.IsGood() && !is_small;
}

}  // namespace verifier
