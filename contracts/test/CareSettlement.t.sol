// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {CareSettlement} from "../src/CareSettlement.sol";
import {ICareSettlement} from "../src/ICareSettlement.sol";
import {CallingCoin, FeeCoin, GreedyCoin, LyingCoin, RebasingCoin} from "./HostileCoins.sol";
import {Signing, vm} from "./Signing.sol";

/// @title A payee that wants its ether twice, or not at all
contract HostilePayee {
    CareSettlement private immutable SETTLEMENT;
    bytes32 private immutable ID;
    bool public refuses;
    /// @notice How often it was called, and how often its call back was taken.
    uint256 public calls;
    uint256 public taken;

    constructor(CareSettlement settlement, bytes32 id) {
        (SETTLEMENT, ID) = (settlement, id);
    }

    function setRefuses(bool wanted) external {
        refuses = wanted;
    }

    function withdraw(uint256 amount) external {
        SETTLEMENT.withdraw(ID, address(0), amount);
    }

    receive() external payable {
        require(!refuses, "no ether");
        ++calls;
        bytes[4] memory ways = [
            abi.encodeCall(SETTLEMENT.withdraw, (ID, address(0), msg.value)),
            abi.encodeCall(SETTLEMENT.withdrawRefund, (address(this), address(0))),
            abi.encodeCall(SETTLEMENT.refund, (bytes32(0), bytes32(0), ICareSettlement.Payer.Insurer, address(0), 1, false)),
            abi.encodeCall(SETTLEMENT.sweep, (address(0), address(this)))
        ];
        for (uint256 i = 0; i < 4; ++i) {
            (bool did, ) = address(SETTLEMENT).call(ways[i]);
            if (did) ++taken;
        }
    }
}

/// @title What holds of payments for whatever numbers, and whatever coins and payees do
contract CareSettlementTest {
    bytes32 private constant INSURER = keccak256("insurer");
    bytes32 private constant PAYEE = keccak256("payee");
    uint256 private constant SIGNER = 0x51;
    CareSettlement private settlement;

    receive() external payable {}

    function setUp() public {
        settlement = new CareSettlement(address(this));
        settlement.grantRole(settlement.PAYEE_REGISTRAR_ROLE(), address(this));
        settlement.grantRole(settlement.INSURER_REGISTRAR_ROLE(), address(this));
        settlement.setPayee(PAYEE, address(this));
        settlement.setTreasurer(INSURER, address(this));
        settlement.setSigner(INSURER, vm.addr(SIGNER));
        settlement.setRights(INSURER, address(this), true, true);
        settlement.allowCoin(address(0), 1);
        vm.deal(address(this), 2 ** 100);
    }

    function testFuzz_packedMembersComeBack(bytes32 claim, uint96 insurer, uint96 patient, uint32 version, uint24 life)
        public
    {
        if (version == 0 || patient == 0) return;
        ICareSettlement.Quote memory quote = _quote(claim, address(0));
        (quote.insurerAmount, quote.patientAmount, quote.version) = (insurer, patient, version);
        quote.expires = uint40(block.timestamp + life);
        vm.deal(address(this), patient);
        settlement.payCoPay{value: patient}(quote, _sign(quote, SIGNER), patient);
        ICareSettlement.Bill memory bill = settlement.billOf(claim, INSURER);
        require(bill.insurer == INSURER && bill.payee == PAYEE && bill.coin == address(0), "who is paid in what");
        require(bill.insurerAmount == insurer && bill.patientAmount == patient, "shares");
        require(bill.version == version && bill.expires == quote.expires && !bill.reversed, "version or time");
        require(bill.insurerPaid == 0 && bill.patientPaid == patient, "what was paid");
        require(settlement.withdrawableOf(PAYEE, address(0)) == patient, "what can be withdrawn");
    }

    function testFuzz_signatureOfAnybodyElseIsRefused(uint256 key, bytes32 claim) public {
        key = 1 + (key % (Signing.ORDER - 1));
        if (key == SIGNER) return;
        ICareSettlement.Quote memory quote = _quote(claim, address(0));
        require(!_coPay(quote, _sign(quote, key)), "a stranger quoted");
        require(_coPay(quote, _sign(quote, SIGNER)), "the signer was refused");
    }

    function testFuzz_permitIsOfOneQuote(ICareSettlement.Quote memory one, ICareSettlement.Quote memory two) public view {
        bool same = keccak256(abi.encode(one)) == keccak256(abi.encode(two));
        require(same == (settlement.permitDeadline(one, 9) == settlement.permitDeadline(two, 9)), "a deadline of two");
        require(uint40(settlement.permitDeadline(one, 9)) == 9, "its time");
        require(settlement.permitDeadline(one, 9) >> 40 == uint216(uint256(settlement.quoteDigest(one))), "its quote");
    }

    function testFuzz_sharesAreNeverPassed(uint96[8] memory amounts, uint96 share) public {
        ICareSettlement.Quote memory quote = _quote("claim", address(0));
        quote.insurerAmount = share;
        bytes memory signature = _sign(quote, SIGNER);
        uint256 paid = 0;
        for (uint256 i = 0; i < amounts.length; ++i) {
            bool may = amounts[i] > 0 && paid + amounts[i] <= share;
            try settlement.payShare{value: amounts[i]}(quote, signature, amounts[i]) {
                require(may, "paid too much");
                paid += amounts[i];
            } catch {
                require(!may, "a payment was refused");
            }
        }
        require(settlement.withdrawableOf(PAYEE, address(0)) == paid, "another sum");
    }

    function testFuzz_paysWholeUnitsAlone(uint64 unit, uint96 amount, uint96 back) public {
        if (unit == 0 || amount == 0) return;
        settlement.allowCoin(address(0), unit);
        ICareSettlement.Quote memory quote = _quote("claim", address(0));
        (quote.insurerAmount, quote.patientAmount) = (amount, amount);
        bytes memory signature = _sign(quote, SIGNER);
        (bool paid, ) = address(settlement).call{value: amount}(
            abi.encodeCall(settlement.payCoPay, (quote, signature, amount))
        );
        (bool share, ) = address(settlement).call{value: amount}(
            abi.encodeCall(settlement.payShare, (quote, signature, amount))
        );
        require(paid == (amount % unit == 0) && share == paid, "a part of a unit is paid");
        if (!paid) return;
        settlement.allowCoin(address(0), 0);
        back = uint96(back % amount);
        bool may = back != 0 && back % unit == 0;
        (bool did, ) = address(settlement).call(_refund(back));
        require(did == may, "a part of a unit is given back");
        // All that is left is given back by whatever unit is said then.
        settlement.allowCoin(address(0), type(uint96).max);
        (did, ) = address(settlement).call(_refund(may ? amount - back : amount));
        require(did && settlement.billOf("claim", INSURER).patientPaid == 0, "the rest is kept");
    }

    function testFuzz_anotherInsurerTakesNoReference(bytes32 claim, uint96 amount, uint32 version, bool reversed) public {
        if (amount == 0 || version == 0) return;
        bytes32 other = keccak256("another insurer");
        settlement.setTreasurer(other, address(this));
        settlement.setSigner(other, vm.addr(SIGNER + 1));
        ICareSettlement.Quote memory squat = _quote(claim, address(0));
        (squat.insurer, squat.patientAmount, squat.version) = (other, amount, version);
        settlement.payCoPay{value: amount}(squat, _sign(squat, SIGNER + 1), amount);
        if (reversed) {
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(SIGNER + 1, settlement.reversalDigest(claim, other));
            settlement.reverse(claim, other, abi.encodePacked(r, s, v));
        }
        ICareSettlement.Quote memory quote = _quote(claim, address(0));
        require(!_coPay(quote, _sign(quote, SIGNER + 1)), "another signed for it");
        require(_coPay(quote, _sign(quote, SIGNER)), "the claim's own insurer is shut out");
        ICareSettlement.Bill memory bill = settlement.billOf(claim, INSURER);
        require(bill.patientPaid == 1 && bill.version == 1 && !bill.reversed, "the other's is in its bill");
        require(settlement.billOf(claim, other).patientPaid == amount, "its is in the other's bill");
    }

    function test_refusesCoinsOfWhichNotAllArrives() public {
        (FeeCoin fee, RebasingCoin rebasing) = (new FeeCoin(), new RebasingCoin());
        fee.mint(address(this), 10_000);
        rebasing.mint(address(this), 10_000);
        IERC20[4] memory coins = [
            IERC20(address(fee)),
            IERC20(address(rebasing)),
            IERC20(address(new LyingCoin(false))),
            IERC20(address(new LyingCoin(true)))
        ];
        for (uint256 i = 0; i < 4; ++i) {
            address coin = address(coins[i]);
            settlement.allowCoin(coin, 1);
            coins[i].approve(address(settlement), type(uint256).max);
            ICareSettlement.Quote memory quote = _quote(bytes32(i), coin);
            require(!_coPay(quote, _sign(quote, SIGNER)), "a co-pay was taken");
            (bool did, ) = address(settlement).call(abi.encodeCall(settlement.deposit, (INSURER, coin, 100)));
            require(!did, "a deposit was taken");
            require(settlement.heldOf(coin) == 0 && settlement.withdrawableOf(PAYEE, coin) == 0, "it is on an account");
        }
    }

    function test_refusesToPayOutOfOthersMoney() public {
        GreedyCoin coin = new GreedyCoin();
        coin.mint(address(this), 10_000);
        coin.approve(address(settlement), 10_000);
        settlement.allowCoin(address(coin), 1);
        settlement.deposit(INSURER, address(coin), 1000);
        (bool did, ) = address(settlement).call(
            abi.encodeCall(settlement.withdrawFunds, (INSURER, address(coin), 100))
        );
        require(!did && settlement.heldOf(address(coin)) == 1000, "more left than was sent");
    }

    function test_isNotEnteredAgainByACoin() public {
        CallingCoin coin = new CallingCoin();
        coin.mint(address(this), 10_000);
        coin.approve(address(settlement), 10_000);
        settlement.allowCoin(address(coin), 1);
        ICareSettlement.Quote memory quote = _quote("claim", address(coin));
        bytes memory signature = _sign(quote, SIGNER);
        // The coin is a payee and a payer itself, and may do all that it tries.
        settlement.setPayee(PAYEE, address(coin));
        settlement.setRights(INSURER, address(coin), true, true);
        settlement.setLimits(INSURER, address(coin), 10_000, 10_000);
        settlement.deposit(INSURER, address(coin), 1000);
        settlement.settle(quote, signature, 10);
        bytes[6] memory ways = [
            abi.encodeCall(settlement.settle, (quote, signature, 1)),
            abi.encodeCall(settlement.payCoPay, (quote, signature, 1)),
            abi.encodeCall(settlement.payShare, (quote, signature, 1)),
            abi.encodeCall(settlement.withdraw, (PAYEE, address(coin), 1)),
            abi.encodeCall(settlement.refund, ("claim", INSURER, ICareSettlement.Payer.Insurer, address(0), 1, false)),
            abi.encodeCall(settlement.deposit, (INSURER, address(coin), 0))
        ];
        for (uint256 i = 0; i < 6; ++i) {
            coin.callBack(address(settlement), ways[i]);
            settlement.payCoPay(quote, signature, 1);
            require(coin.called() && !coin.taken(), "a coin came in again");
            coin.callBack(address(settlement), ways[i]);
            settlement.withdrawFunds(INSURER, address(coin), 1);
            require(coin.called() && !coin.taken(), "a coin came in again");
        }
        coin.callBack(address(0), "");
        require(coin.balanceOf(address(settlement)) == settlement.heldOf(address(coin)), "the books do not balance");
    }

    function test_isNotEnteredAgainByAPayee() public {
        HostilePayee payee = new HostilePayee(settlement, PAYEE);
        settlement.setPayee(PAYEE, address(payee));
        ICareSettlement.Quote memory quote = _quote("claim", address(0));
        settlement.payCoPay{value: 20}(quote, _sign(quote, SIGNER), 20);
        settlement.deposit{value: 1000}(INSURER, address(0), 1000);
        payee.withdraw(5);
        require(payee.calls() == 1 && payee.taken() == 0, "a payee came in again");
        require(address(payee).balance == 5 && address(settlement).balance == 1015, "another sum left");
        // One that takes no ether keeps its account, for another address.
        payee.setRefuses(true);
        (bool did, ) = address(payee).call(abi.encodeCall(payee.withdraw, (5)));
        require(!did && settlement.withdrawableOf(PAYEE, address(0)) == 15, "it was lost");
        settlement.setPayee(PAYEE, address(this));
        settlement.withdraw(PAYEE, address(0), 15);
        require(settlement.heldOf(address(0)) == 1000, "the books do not balance");
    }

    function _refund(uint96 amount) private view returns (bytes memory) {
        return
            abi.encodeCall(
                settlement.refund,
                ("claim", INSURER, ICareSettlement.Payer.Patient, address(this), amount, false)
            );
    }

    function _coPay(ICareSettlement.Quote memory quote, bytes memory signature) private returns (bool did) {
        uint256 value = quote.coin == address(0) ? 1 : 0;
        uint96 amount = quote.coin == address(0) ? 1 : 100;
        (did, ) = address(settlement).call{value: value}(
            abi.encodeCall(settlement.payCoPay, (quote, signature, amount))
        );
    }

    function _quote(bytes32 claim, address coin) private view returns (ICareSettlement.Quote memory) {
        return ICareSettlement.Quote(claim, INSURER, PAYEE, coin, 800, 200, 1, uint40(block.timestamp + 1 days));
    }

    function _sign(ICareSettlement.Quote memory quote, uint256 key) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, settlement.quoteDigest(quote));
        return abi.encodePacked(r, s, v);
    }
}
