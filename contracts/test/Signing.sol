// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IPrescriptionToken} from "../src/IPrescriptionToken.sol";

/// @dev The cheatcodes that these tests need, as Foundry and Hardhat have them.
interface Vm {
    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function warp(uint256 timestamp) external;
    function prank(address sender) external;
    function deal(address account, uint256 balance) external;
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @dev What makes a signature worthless. Everything from `None` on is as it should be, so that most are.
enum Flaw {
    OtherChain,
    OtherContract,
    OtherVersion,
    OtherWords,
    UpperS,
    Compact,
    TooLong,
    BareParity,
    None
}

/// @title What prescribers and notaries sign, written down from EIP-712 a second time, and what is wrong with it
library Signing {
    uint256 internal constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    function issueHash(IPrescriptionToken.Issue memory issue) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256("Issue(uint256 tokenId,address holder,bytes32 commitment,uint64 expires,uint64 deadline)"),
                    issue.tokenId,
                    issue.holder,
                    issue.commitment,
                    issue.expires,
                    issue.deadline
                )
            );
    }

    function attestationHash(IPrescriptionToken.Attestation memory attestation) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256(
                        "Attestation(uint256 tokenId,bytes32 channel,bytes32 blockHash,uint8 state,uint64 version,uint64 deadline)"
                    ),
                    attestation.tokenId,
                    attestation.channel,
                    attestation.blockHash,
                    attestation.state,
                    attestation.version,
                    attestation.deadline
                )
            );
    }

    /// @notice A signature over a struct for that token, with that flaw.
    function sign(uint256 key, bytes32 structHash, address token, Flaw flaw) internal view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Medloom PrescriptionToken"),
                keccak256(bytes(flaw == Flaw.OtherVersion ? "1" : "2")),
                flaw == Flaw.OtherChain ? block.chainid + 1 : block.chainid,
                flaw == Flaw.OtherContract ? address(uint160(token) + 1) : token
            )
        );
        bytes32 words = flaw == Flaw.OtherWords ? keccak256(abi.encode(structHash)) : structHash;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain, words)));
        if (flaw == Flaw.UpperS) return abi.encodePacked(r, bytes32(ORDER - uint256(s)), v == 27 ? 28 : 27);
        // ERC-2098: 64 bytes, with the parity in the upper bit of s.
        if (flaw == Flaw.Compact) return abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
        if (flaw == Flaw.TooLong) return abi.encodePacked(r, s, v, uint8(0));
        if (flaw == Flaw.BareParity) return abi.encodePacked(r, s, v - 27);
        return abi.encodePacked(r, s, v);
    }

    /// @notice One in three has a flaw.
    function flawOf(uint8 any) internal pure returns (Flaw) {
        uint8 none = uint8(Flaw.None);
        uint8 one = any % (3 * none);
        return one < none ? Flaw(one) : Flaw.None;
    }
}
