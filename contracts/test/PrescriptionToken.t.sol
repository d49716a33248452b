// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {PrescriptionToken} from "../src/PrescriptionToken.sol";
import {IPrescriptionToken} from "../src/IPrescriptionToken.sol";

/// @dev The cheatcodes that these tests need, as Foundry and Hardhat have them.
interface Vm {
    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function warp(uint256 timestamp) external;
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @title Does at random what anybody can do, and remembers what must be so afterwards
/// @dev Target of the invariant tests. What it tries is often refused; only what was taken is remembered.
contract TokenHandler {
    PrescriptionToken public immutable TOKEN;
    uint256 private constant PRESCRIBER = 0xd0c;
    uint256 private constant STRANGER = 0xbad;
    uint256[3] private notaryKeys = [uint256(0xa1), 0xa2, 0xa3];

    uint256[] public ids;
    mapping(uint256 id => address) public holderOf;
    mapping(uint256 id => bytes32) public commitmentOf;
    mapping(uint256 id => uint8) public stateOf;
    mapping(uint256 id => uint64) public versionOf;
    /// @notice Something was taken that never may be.
    bool public broken;

    constructor() {
        address[] memory notaries = new address[](3);
        for (uint256 i = 0; i < 3; ++i) notaries[i] = vm.addr(notaryKeys[i]);
        TOKEN = new PrescriptionToken(address(this), address(this), notaries, 2);
        TOKEN.license(vm.addr(PRESCRIBER), bytes32(uint256(1)), uint64(block.timestamp + 3650 days));
    }

    function count() external view returns (uint256) {
        return ids.length;
    }

    function mint(uint8 any, address holder, bytes32 commitment, uint32 life, bool licensed) external {
        uint256 id = _one(any);
        IPrescriptionToken.Issue[] memory issues = new IPrescriptionToken.Issue[](1);
        uint64 expires = uint64(block.timestamp) + life;
        issues[0] = IPrescriptionToken.Issue(id, holder, commitment, expires, uint64(block.timestamp));
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = _sign(licensed ? PRESCRIBER : STRANGER, TOKEN.issueDigest(issues[0]));
        try TOKEN.mintBatch(issues, signatures) {
            if (!licensed || holderOf[id] != address(0)) broken = true;
            ids.push(id);
            (holderOf[id], commitmentOf[id]) = (holder, commitment);
        } catch {}
    }

    function record(uint8 any, uint8 state, uint64 version, uint8 first, uint8 second, bool late) external {
        IPrescriptionToken.Attestation memory attestation = IPrescriptionToken.Attestation({
            tokenId: _one(any),
            channel: bytes32(uint256(7)),
            blockHash: bytes32(uint256(version)),
            // Mostly one after which something can follow.
            state: state % 9 == 8 ? state % 5 : state % 2,
            version: version % 60,
            deadline: uint64(block.timestamp) - (late ? 1 : 0)
        });
        bytes32 digest = TOKEN.attestationDigest(attestation);
        bytes[] memory signatures = new bytes[](2);
        signatures[0] = _sign(notaryKeys[first % 3], digest);
        signatures[1] = _sign(second % 8 == 7 ? STRANGER : notaryKeys[second % 3], digest);
        try TOKEN.recordState(attestation, signatures) {
            if (late || second % 8 == 7 || first % 3 == second % 3) broken = true;
            _taken(attestation.tokenId, attestation.state, attestation.version);
        } catch {}
    }

    /// @dev Few tokens, so that much is tried on each.
    function _one(uint8 any) private pure returns (uint256) {
        return any % 4;
    }

    function _taken(uint256 id, uint8 state, uint64 version) private {
        if (stateOf[id] >= 2 || version <= versionOf[id] || state < stateOf[id]) broken = true;
        (stateOf[id], versionOf[id]) = (state, version);
    }

    function move(uint8 any, address to) external {
        uint256 id = _one(any);
        address holder = holderOf[id];
        if (holder == address(0)) return;
        try TOKEN.transferFrom(holder, to, id) {
            broken = true;
        } catch {}
    }

    function wait(uint16 time) external {
        vm.warp(block.timestamp + time);
    }

    function _sign(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }
}

/// @title A holder that would call the token again, were it ever called
contract ReentrantHolder is IERC721Receiver {
    /// @notice How often it was called.
    uint256 public calls;

    function onERC721Received(address, address, uint256 tokenId, bytes calldata) external returns (bytes4) {
        ++calls;
        IPrescriptionToken(msg.sender).mint(tokenId + 1, address(this), bytes32(uint256(1)), type(uint32).max);
        return IERC721Receiver.onERC721Received.selector;
    }

    receive() external payable {
        ++calls;
    }
}

/// @title What holds of the token whatever is done, and for whatever numbers
contract PrescriptionTokenTest {
    TokenHandler private handler;
    PrescriptionToken private token;

    function setUp() public {
        handler = new TokenHandler();
        token = handler.TOKEN();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice Nothing that is forbidden was ever taken, and what the chain keeps is what was last taken.
    function invariant_keepsWhatWasTaken() public view {
        require(!handler.broken(), "something forbidden was taken");
        uint256 count = handler.count();
        for (uint256 i = 0; i < count; ++i) {
            uint256 id = handler.ids(i);
            IPrescriptionToken.Prescription memory kept = token.prescriptionOf(id);
            require(kept.holder == handler.holderOf(id), "the holder changed");
            require(kept.commitment == handler.commitmentOf(id), "the commitment changed");
            require(uint8(kept.state) == handler.stateOf(id), "another state");
            require(kept.version == handler.versionOf(id), "another version");
            require(token.balanceOf(kept.holder) > 0, "a holder without balance");
        }
    }

    function testFuzz_signatureOfAnybodyElseIsRefused(uint256 key, bytes32 commitment) public {
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        key = 1 + (key % (order - 1));
        if (key == 0xd0c) return;
        handler.mint(1, address(1), commitment, 100, false);
        require(!token.exists(1), "a stranger minted");
        IPrescriptionToken.Issue[] memory issues = new IPrescriptionToken.Issue[](1);
        issues[0] = IPrescriptionToken.Issue(1, address(1), commitment, uint64(block.timestamp + 9), type(uint64).max);
        bytes[] memory signatures = new bytes[](1);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, token.issueDigest(issues[0]));
        signatures[0] = abi.encodePacked(r, s, v);
        try token.mintBatch(issues, signatures) {
            revert("a stranger minted");
        } catch {}
    }

    function testFuzz_packedMembersComeBack(address holder, bytes32 commitment, uint32 life, uint8 state) public {
        if (holder == address(0) || commitment == 0) return;
        uint32 lives = 1 + (life % 1_000_000_000);
        handler.mint(1, holder, commitment, lives, true);
        IPrescriptionToken.Prescription memory kept = token.prescriptionOf(1);
        require(kept.holder == holder && kept.commitment == commitment, "holder or commitment");
        require(kept.expires == block.timestamp + lives, "expiry");
        handler.record(1, state % 2, 11, 0, 1, false);
        IPrescriptionToken.Prescription memory recorded = token.prescriptionOf(1);
        require(uint8(recorded.state) == state % 2 && recorded.version == 11, "state or version");
        require(recorded.holder == holder && recorded.expires == kept.expires, "what stands beside them changed");
        require(recorded.issuer == vm.addr(0xd0c), "issuer");
    }

    function test_callsNobody() public {
        ReentrantHolder holder = new ReentrantHolder();
        handler.mint(2, address(holder), bytes32(uint256(1)), 100, true);
        handler.record(2, 1, 1, 0, 1, false);
        require(token.ownerOf(2) == address(holder) && holder.calls() == 0, "the holder was called");
    }

    function testFuzz_anyBytesAreNoSignature(bytes calldata signature) public {
        IPrescriptionToken.Issue[] memory issues = new IPrescriptionToken.Issue[](1);
        issues[0] = IPrescriptionToken.Issue(3, address(1), bytes32(uint256(1)), uint64(block.timestamp + 9), type(uint64).max);
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = signature;
        try token.mintBatch(issues, signatures) {
            revert("bytes were taken");
        } catch {}
    }
}
