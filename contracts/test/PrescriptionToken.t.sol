// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {PrescriptionToken} from "../src/PrescriptionToken.sol";
import {IPrescriptionToken} from "../src/IPrescriptionToken.sol";
import {Flaw, Signing, vm} from "./Signing.sol";

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

/// @title What holds of the token for whatever numbers
contract PrescriptionTokenTest {
    uint256 private constant PRESCRIBER = 0xd0c;
    uint256 private constant NOTARY = 0xa1;
    PrescriptionToken private token;

    function setUp() public {
        address[] memory notaries = new address[](1);
        notaries[0] = vm.addr(NOTARY);
        token = new PrescriptionToken(address(this), address(this), notaries, 1);
        token.license(vm.addr(PRESCRIBER), bytes32(uint256(1)), uint64(block.timestamp + 3650 days));
    }

    function testFuzz_signatureOfAnybodyElseIsRefused(uint256 key, bytes32 commitment) public {
        key = 1 + (key % (Signing.ORDER - 1));
        if (key == PRESCRIBER || commitment == 0) return;
        IPrescriptionToken.Issue memory issue = _issue(1, address(1), commitment, 9);
        require(!_bring(issue, Signing.sign(key, Signing.issueHash(issue), address(token), Flaw.None)), "a stranger minted");
        require(!token.exists(1), "a stranger minted");
    }

    function testFuzz_flawedSignatureIsRefused(uint8 any, bytes32 commitment) public {
        if (commitment == 0) return;
        Flaw flaw = Flaw(any % uint8(Flaw.None));
        IPrescriptionToken.Issue memory issue = _issue(1, address(1), commitment, 9);
        bytes32 hash = Signing.issueHash(issue);
        require(!_bring(issue, Signing.sign(PRESCRIBER, hash, address(token), flaw)), "a flaw was taken");
        require(_bring(issue, Signing.sign(PRESCRIBER, hash, address(token), Flaw.None)), "the same without was refused");
    }

    function testFuzz_packedMembersComeBack(address holder, bytes32 commitment, uint32 life, uint8 state) public {
        if (holder == address(0) || commitment == 0) return;
        uint32 lives = 1 + (life % 1_000_000_000);
        _mint(1, holder, commitment, lives);
        IPrescriptionToken.Prescription memory kept = token.prescriptionOf(1);
        require(kept.holder == holder && kept.commitment == commitment, "holder or commitment");
        require(kept.expires == block.timestamp + lives, "expiry");
        _record(1, state % 2, 11);
        IPrescriptionToken.Prescription memory recorded = token.prescriptionOf(1);
        require(uint8(recorded.state) == state % 2 && recorded.version == 11, "state or version");
        require(recorded.holder == holder && recorded.expires == kept.expires, "what stands beside them changed");
        require(recorded.issuer == vm.addr(PRESCRIBER), "issuer");
    }

    function test_callsNobody() public {
        ReentrantHolder holder = new ReentrantHolder();
        _mint(2, address(holder), bytes32(uint256(1)), 100);
        _record(2, 1, 1);
        require(token.ownerOf(2) == address(holder) && holder.calls() == 0, "the holder was called");
    }

    function testFuzz_anyBytesAreNoSignature(bytes calldata signature) public {
        require(!_bring(_issue(3, address(1), bytes32(uint256(1)), 9), signature), "bytes were taken");
    }

    function _mint(uint256 id, address holder, bytes32 commitment, uint32 life) private {
        IPrescriptionToken.Issue memory issue = _issue(id, holder, commitment, life);
        bytes memory signature = Signing.sign(PRESCRIBER, Signing.issueHash(issue), address(token), Flaw.None);
        require(_bring(issue, signature), "what a prescriber signed was refused");
    }

    function _issue(
        uint256 id,
        address holder,
        bytes32 commitment,
        uint32 life
    ) private view returns (IPrescriptionToken.Issue memory) {
        return IPrescriptionToken.Issue(id, holder, commitment, uint64(block.timestamp) + life, type(uint64).max);
    }

    function _bring(IPrescriptionToken.Issue memory issue, bytes memory signature) private returns (bool) {
        IPrescriptionToken.Issue[] memory issues = new IPrescriptionToken.Issue[](1);
        bytes[] memory signatures = new bytes[](1);
        (issues[0], signatures[0]) = (issue, signature);
        try token.mintBatch(issues, signatures) {
            return true;
        } catch {
            return false;
        }
    }

    function _record(uint256 id, uint8 state, uint64 version) private {
        IPrescriptionToken.Attestation memory attestation = IPrescriptionToken.Attestation({
            tokenId: id,
            channel: bytes32(uint256(7)),
            blockHash: bytes32(uint256(version)),
            state: state,
            version: version,
            deadline: uint64(block.timestamp)
        });
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = Signing.sign(NOTARY, Signing.attestationHash(attestation), address(token), Flaw.None);
        token.recordState(attestation, signatures);
    }
}
