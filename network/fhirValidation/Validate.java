import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;

/**
 * Validates the JSON files of a folder with the HAPI validator against the base specification of R4. Prints a line for each error,
 * parted by tabs: file, location, message; then `validated` and their number.
 */
public class Validate {
  public static void main(String[] arguments) throws Exception {
    var context = FhirContext.forR4();
    var support =
        new ValidationSupportChain(
            new DefaultProfileValidationSupport(context),
            new CommonCodeSystemsTerminologyService(context),
            new InMemoryTerminologyServerValidationSupport(context));
    var instances = new FhirInstanceValidator(support);
    instances.setAnyExtensionsAllowed(true);
    // LOINC, SNOMED CT and ATC are not in the specification; whether their codes exist is not asked here.
    instances.setNoTerminologyChecks(false);
    var validator = context.newValidator().registerValidatorModule(instances);
    List<Path> files;
    try (var listed = Files.list(Path.of(arguments[0]))) {
      files = listed.filter(each -> each.toString().endsWith(".json")).sorted().toList();
    }
    for (var file : files) {
      for (SingleValidationMessage message : validator.validateWithResult(Files.readString(file)).getMessages()) {
        if (message.getSeverity().compareTo(ResultSeverityEnum.ERROR) < 0) continue;
        var words = message.getMessage().replaceAll("\\s+", " ");
        System.out.println(file.getFileName() + "\t" + message.getLocationString() + "\t" + words);
      }
    }
    System.out.println("validated\t" + files.size());
  }
}
